"""aliyun-python-sdk-core: it has no chain, so the program hands it the variables."""

import os

from aliyunsdkcore.auth.credentials import StsTokenCredential
from aliyunsdkcore.client import AcsClient
from aliyunsdksts.request.v20150401.GetCallerIdentityRequest import GetCallerIdentityRequest

from program import run

names = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"]


def connect(address):
    client = AcsClient(region_id="cn-hangzhou", credential=StsTokenCredential(*(os.environ[name] for name in names)))

    def call():
        request = GetCallerIdentityRequest()
        request.set_endpoint(address)
        request.set_protocol_type("http")
        return client.do_action_with_exception(request).decode()

    return call


run(connect)
