import com.aliyun.credentials.Client;
import com.aliyun.credentials.models.CredentialModel;
import com.aliyun.oss.ClientBuilderConfiguration;
import com.aliyun.oss.OSS;
import com.aliyun.oss.OSSClientBuilder;
import com.aliyun.oss.common.auth.Credentials;
import com.aliyun.oss.common.auth.CredentialsProvider;
import com.aliyun.oss.common.auth.CredentialsProviderFactory;
import com.aliyun.oss.common.auth.DefaultCredentials;
import com.aliyun.oss.common.comm.SignVersion;
import java.util.concurrent.atomic.AtomicInteger;

/** aliyun-sdk-oss with its own variables or with the chain of credentials-java; signature V4 and V1 in turn. */
final class ObjectStorage {
  public static void main(String[] words) {
    Program.run(
        words,
        address -> {
          CredentialsProvider provider =
              System.getenv("OSS_ACCESS_KEY_ID") == null
                  ? new Chain()
                  : CredentialsProviderFactory.newEnvironmentVariableCredentialsProvider();
          OSS[] clients = {
            connect(address, provider, SignVersion.V4), connect(address, provider, SignVersion.V1)
          };
          AtomicInteger calls = new AtomicInteger();
          return () -> clients[calls.getAndIncrement() % 2].listBuckets().size() + " buckets";
        });
  }

  private static OSS connect(String address, CredentialsProvider provider, SignVersion version) {
    ClientBuilderConfiguration configuration = new ClientBuilderConfiguration();
    configuration.setSignatureVersion(version);
    configuration.setMaxErrorRetry(0);
    return OSSClientBuilder.create()
        .endpoint("http://" + address)
        .region("cn-hangzhou")
        .credentialsProvider(provider)
        .clientConfiguration(configuration)
        .build();
  }

  private static final class Chain implements CredentialsProvider {
    private final Client chain = new Client();

    @Override
    public Credentials getCredentials() {
      CredentialModel now = chain.getCredential();
      return new DefaultCredentials(now.getAccessKeyId(), now.getAccessKeySecret(), now.getSecurityToken());
    }

    @Override
    public void setCredentials(Credentials credentials) {
      throw new UnsupportedOperationException();
    }
  }
}
