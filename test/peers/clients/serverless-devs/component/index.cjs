const PopCore = require('@alicloud/pop-core')

/** A component of Serverless Devs: one signed call with the credentials that it is given. */
module.exports = class {
  async deploy({ props, getCredential }) {
    const { AccessKeyID, AccessKeySecret, SecurityToken } = await getCredential()
    const client = new PopCore({
      accessKeyId: AccessKeyID,
      accessKeySecret: AccessKeySecret,
      securityToken: SecurityToken,
      endpoint: `http://${props.address}`,
      apiVersion: '2015-04-01',
    })
    return client.request('GetCallerIdentity', {})
  }
}
