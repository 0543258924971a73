import java.util.List;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.security.config.annotation.web.configuration.WebSecurityCustomizer;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.server.authorization.InMemoryOAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsent;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationConsentService;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.InMemoryRegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.ClientSettings;
import org.springframework.security.oauth2.server.authorization.settings.TokenSettings;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Spring Authorization Server as Spring Boot configures it, with clients and a user of its own; the secrets come from the environment. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
public class Provider {
  public static void main(String[] args) {
    SpringApplication.run(Provider.class, args);
  }

  @Bean
  UserDetailsService users() {
    return new InMemoryUserDetailsManager(User.withUsername("dev").password("{noop}dev-password").build());
  }

  @Bean
  RegisteredClientRepository clients(Environment environment) {
    var basic = ClientAuthenticationMethod.CLIENT_SECRET_BASIC;
    var post = ClientAuthenticationMethod.CLIENT_SECRET_POST;
    return new InMemoryRegisteredClientRepository(List.of(
        client("main", environment.getProperty("secret.main"), basic),
        client("special", environment.getProperty("secret.special"), basic),
        client("post", environment.getProperty("secret.post"), post)));
  }

  /** Refresh tokens are rotated. */
  private static RegisteredClient client(String id, String secret, ClientAuthenticationMethod method) {
    return RegisteredClient.withId(id)
        .clientId(id)
        .clientSecret("{noop}" + secret)
        .clientAuthenticationMethod(method)
        .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
        .authorizationGrantType(AuthorizationGrantType.REFRESH_TOKEN)
        .authorizationGrantType(AuthorizationGrantType.DEVICE_CODE)
        .redirectUri("http://127.0.0.1/callback")
        .scopes(scopes -> scopes.addAll(List.of("openid", "profile", "offline_access")))
        .clientSettings(ClientSettings.builder().requireAuthorizationConsent(true).build())
        .tokenSettings(TokenSettings.builder().reuseRefreshTokens(false).build())
        .build();
  }

  /** Asks for consent each time. */
  @Bean
  OAuth2AuthorizationConsentService consents() {
    return new OAuth2AuthorizationConsentService() {
      @Override
      public void save(OAuth2AuthorizationConsent consent) {}

      @Override
      public void remove(OAuth2AuthorizationConsent consent) {}

      @Override
      public OAuth2AuthorizationConsent findById(String clientId, String user) {
        return null;
      }
    };
  }

  @Bean
  Sessions sessions() {
    return new Sessions();
  }

  /** What the steps use to end all sign-ins; it needs no authentication. */
  @Bean
  RouterFunction<ServerResponse> endSessions(Sessions sessions) {
    return RouterFunctions.route()
        .DELETE("/sessions", request -> {
          sessions.kept = new InMemoryOAuth2AuthorizationService();
          return ServerResponse.noContent().build();
        })
        .build();
  }

  @Bean
  WebSecurityCustomizer openToAll() {
    return web -> web.ignoring().requestMatchers("/sessions");
  }

  /** The service of the library, which can be made empty. */
  static class Sessions implements OAuth2AuthorizationService {
    volatile OAuth2AuthorizationService kept = new InMemoryOAuth2AuthorizationService();

    @Override
    public void save(OAuth2Authorization authorization) {
      kept.save(authorization);
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
      kept.remove(authorization);
    }

    @Override
    public OAuth2Authorization findById(String id) {
      return kept.findById(id);
    }

    @Override
    public OAuth2Authorization findByToken(String token, OAuth2TokenType type) {
      return kept.findByToken(token, type);
    }
  }
}
