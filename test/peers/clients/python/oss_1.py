"""oss2, with its own variables or with the chain of alibabacloud-credentials; signature V4 and V1 in turn."""

import os
from itertools import cycle

import oss2
from oss2.credentials import Credentials, CredentialsProvider, EnvironmentVariableCredentialsProvider

from chain import from_chain
from program import run


class Chain(CredentialsProvider):
    def __init__(self):
        self.get_credentials = from_chain(Credentials)


def connect(address):
    provider = EnvironmentVariableCredentialsProvider() if "OSS_ACCESS_KEY_ID" in os.environ else Chain()
    auths = (oss2.ProviderAuthV4(provider), oss2.ProviderAuth(provider))
    services = cycle([oss2.Service(auth, f"http://{address}", region="cn-hangzhou") for auth in auths])
    return lambda: next(services).list_buckets().status


run(connect)
