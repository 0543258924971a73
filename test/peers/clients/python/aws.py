"""boto3 with its default chain, as a client of OSS."""

import boto3

from program import run


def connect(address):
    client = boto3.client("s3", endpoint_url=f"http://{address}", region_name="cn-hangzhou")
    return lambda: client.list_buckets()["Owner"]["ID"]


run(connect)
