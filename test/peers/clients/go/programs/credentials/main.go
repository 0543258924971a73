// Calls GetCallerIdentity with what credentials-go gives: its default chain, or the type that CREDENTIALS_TYPE names.
package main

import (
	"os"

	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"
	"github.com/aliyun/credentials-go/credentials"

	"sesame-peers/calls"
)

func main() {
	var config *credentials.Config
	if name := os.Getenv("CREDENTIALS_TYPE"); name != "" {
		config = new(credentials.Config).SetType(name).SetURLCredential(os.Getenv("ALIBABA_CLOUD_CREDENTIALS_URI"))
	}
	credential, err := credentials.NewCredential(config)
	calls.Run(func() error {
		if err != nil {
			return err
		}
		return callWith(credential)
	})
}

func callWith(credential credentials.Credential) error {
	keys, err := credential.GetCredential()
	if err != nil {
		return err
	}
	client, err := sts.NewClientWithStsToken("cn-hangzhou", *keys.AccessKeyId, *keys.AccessKeySecret, *keys.SecurityToken)
	if err != nil {
		return err
	}
	request := sts.CreateGetCallerIdentityRequest()
	request.Scheme = "http"
	request.Domain = calls.Host()
	_, err = client.GetCallerIdentity(request)
	return err
}
