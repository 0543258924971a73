import com.aliyun.credentials.Client;
import com.aliyun.teaopenapi.models.Config;
import com.aliyun.teaopenapi.models.OpenApiRequest;
import com.aliyun.teaopenapi.models.Params;
import com.aliyun.teautil.models.RuntimeOptions;

/** credentials-java with its default chain, in the SDK core that goes with it. */
final class Credentials {
  public static void main(String[] words) {
    Program.run(
        words,
        address -> {
          Config config = new Config();
          config.credential = new Client();
          config.endpoint = address;
          config.protocol = "http";
          com.aliyun.teaopenapi.Client sts = new com.aliyun.teaopenapi.Client(config);
          return () -> sts.callApi(identity(), new OpenApiRequest(), new RuntimeOptions()).get("body").toString();
        });
  }

  private static Params identity() {
    Params params = new Params();
    params.action = "GetCallerIdentity";
    params.version = "2015-04-01";
    params.protocol = "HTTP";
    params.pathname = "/";
    params.method = "POST";
    params.authType = "AK";
    params.style = "RPC";
    params.reqBodyType = "json";
    params.bodyType = "json";
    return params;
  }
}
