"""alibabacloud-oss-v2, with its own variables or with the chain of alibabacloud-credentials."""

import os

import alibabacloud_oss_v2 as oss
from alibabacloud_oss_v2.credentials import (
    Credentials,
    CredentialsProviderFunc,
    EnvironmentVariableCredentialsProvider,
)

from chain import from_chain
from program import run


def connect(address):
    config = oss.config.load_default()
    config.credentials_provider = (
        EnvironmentVariableCredentialsProvider()
        if "OSS_ACCESS_KEY_ID" in os.environ
        else CredentialsProviderFunc(from_chain(Credentials))
    )
    config.region = "cn-hangzhou"
    config.endpoint = f"http://{address}"
    client = oss.Client(config)
    return lambda: client.list_buckets(oss.ListBucketsRequest()).status


run(connect)
