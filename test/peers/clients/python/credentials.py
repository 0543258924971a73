"""alibabacloud-credentials with its default chain, in the SDK for STS."""

from alibabacloud_credentials.client import Client as Credential
from alibabacloud_sts20150401.client import Client
from alibabacloud_tea_openapi.models import Config

from program import run


def connect(address):
    client = Client(Config(credential=Credential(), protocol="http", endpoint=address))
    return lambda: client.get_caller_identity().body.account_id


run(connect)
