import com.aliyuncs.CommonRequest;
import com.aliyuncs.DefaultAcsClient;
import com.aliyuncs.IAcsClient;
import com.aliyuncs.http.ProtocolType;

/** aliyun-java-sdk-core with its own default chain. */
final class SdkCore {
  public static void main(String[] words) {
    Program.run(
        words,
        address -> {
          IAcsClient client = new DefaultAcsClient("cn-hangzhou");
          return () -> client.getCommonResponse(identity(address)).getData();
        });
  }

  private static CommonRequest identity(String address) {
    CommonRequest request = new CommonRequest();
    request.setSysDomain(address);
    request.setSysProtocol(ProtocolType.HTTP);
    request.setSysVersion("2015-04-01");
    request.setSysAction("GetCallerIdentity");
    return request;
  }
}
