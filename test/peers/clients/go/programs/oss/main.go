// Lists buckets with the OSS SDK v2. CREDENTIALS says where its keys come from: env, uri (by credentials-go), or a command to run.
package main

import (
	"context"
	"os"
	"time"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/credentials"
	chain "github.com/aliyun/credentials-go/credentials"

	"sesame-peers/calls"
)

func main() {
	config := oss.LoadDefaultConfig().
		WithRegion("cn-hangzhou").
		WithEndpoint("http://" + calls.Host()).
		WithCredentialsProvider(provider(os.Getenv("CREDENTIALS")))
	client := oss.NewClient(config)
	calls.Run(func() error {
		_, err := client.ListBuckets(context.Background(), &oss.ListBucketsRequest{})
		return err
	})
}

func provider(from string) credentials.CredentialsProvider {
	switch from {
	case "env":
		return credentials.NewEnvironmentVariableCredentialsProvider()
	case "uri":
		return byURI()
	default:
		// Its own 15 s are too few for fifty processes on a busy machine.
		return credentials.NewProcessCredentialsProvider(from, func(options *credentials.ProcessCredentialsProviderOptions) {
			options.Timeout = time.Minute
		})
	}
}

func byURI() credentials.CredentialsProvider {
	config := new(chain.Config).SetType("credentials_uri").SetURLCredential(os.Getenv("ALIBABA_CLOUD_CREDENTIALS_URI"))
	credential, failure := chain.NewCredential(config)
	return credentials.CredentialsProviderFunc(func(context.Context) (credentials.Credentials, error) {
		if failure != nil {
			return credentials.Credentials{}, failure
		}
		keys, err := credential.GetCredential()
		if err != nil {
			return credentials.Credentials{}, err
		}
		return credentials.Credentials{
			AccessKeyID:     *keys.AccessKeyId,
			AccessKeySecret: *keys.AccessKeySecret,
			SecurityToken:   *keys.SecurityToken,
		}, nil
	})
}
