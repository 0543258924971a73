"""
aliyun-log-python-sdk, with variables that the program hands it or with the chain
of alibabacloud-credentials; signature 4 and 1 in turn.
"""

import os
from itertools import cycle

from aliyun.log import LogClient
from aliyun.log.auth import AUTH_VERSION_1, AUTH_VERSION_4
from aliyun.log.credentials import Credentials, CredentialsProvider, StaticCredentialsProvider

from chain import from_chain
from program import run

names = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"]


class Chain(CredentialsProvider):
    def __init__(self):
        self.get_credentials = from_chain(Credentials)


def connect(address):
    values = [os.environ.get(name) for name in names]
    provider = StaticCredentialsProvider(*values) if all(values) else Chain()
    clients = cycle(
        [
            LogClient(f"http://{address}", credentials_provider=provider, auth_version=version, region="cn-hangzhou")
            for version in (AUTH_VERSION_4, AUTH_VERSION_1)
        ]
    )
    return lambda: next(clients).list_project(size=1).get_count()


run(connect)
