import popCore from '@alicloud/pop-core'
import stsSdk from '@alicloud/sts20150401'
import { expect, onTestFinished, test } from 'vitest'
import type { StsOptions } from '../../mocks/sts.ts'
import { systemClock } from '../../src/clock.ts'
import { createFetch } from '../../src/http/index.ts'
import { silentLog } from '../../src/log.ts'
import { Secret } from '../../src/secret.ts'
import { assumeRole, assumeRoleWithOidc, getCallerIdentity } from '../../src/sts/index.ts'
import { account, alice, arnOf, chain, openSts } from '../sts/support/alice.ts'
import { makeProvider, providerArn } from '../sts/support/provider.ts'

void [popCore, stsSdk, createFetch, silentLog, systemClock, Secret]
test('x', () => expect(typeof (stsSdk as any).default).toBe([Object.keys(stsSdk as any), typeof popCore, Object.keys(popCore as any)]))
