// Calls GetCallerIdentity with the default chain of alibaba-cloud-sdk-go itself.
package main

import (
	"github.com/aliyun/alibaba-cloud-sdk-go/sdk"
	"github.com/aliyun/alibaba-cloud-sdk-go/services/sts"

	"sesame-peers/calls"
)

func main() {
	client, err := sts.NewClientWithOptions("cn-hangzhou", sdk.NewConfig(), nil)
	calls.Run(func() error {
		if err != nil {
			return err
		}
		request := sts.CreateGetCallerIdentityRequest()
		request.Scheme = "http"
		request.Domain = calls.Host()
		_, err := client.GetCallerIdentity(request)
		return err
	})
}
