"""The default chain of alibabacloud-credentials for the clients that have none of their own."""

from alibabacloud_credentials.client import Client


def from_chain(make):
    """A function that makes what a client wants of the credentials of now: key, secret and token."""
    client = Client()

    def credentials():
        now = client.get_credential()
        return make(now.access_key_id, now.access_key_secret, now.security_token)

    return credentials
