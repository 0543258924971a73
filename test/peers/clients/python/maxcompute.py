"""PyODPS, with variables that the program hands it or with the chain of alibabacloud-credentials."""

import os

from alibabacloud_credentials.client import Client as Credential
from odps import ODPS
from odps.accounts import CredentialProviderAccount, StsAccount

from program import run

names = ["ALIBABA_CLOUD_ACCESS_KEY_ID", "ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN"]


def connect(address):
    values = [os.environ.get(name) for name in names]
    account = StsAccount(*values) if all(values) else CredentialProviderAccount(Credential())
    odps = ODPS(account=account, project="reports", endpoint=f"http://{address}/api")
    return lambda: odps.rest.get(odps.endpoint + "/projects").status_code


run(connect)
