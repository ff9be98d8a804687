using Broker.Actors.Hosting;
using Broker.Actors.Security;
using Broker.Node.Configuration;
using Broker.Specs.Actors.Security.Users;

namespace Broker.Specs.Node.Configuration;

public sealed class SecuritySettingsSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_password_file_knows_clients_where_it_is_said()
    {
        var users = _folder.Write("users", TestUsers.Line("alice") + "\n");

        var security = Given.Options(
            """mqtt.security.authentication=["password-file"]""",
            $"mqtt.security.password-file.path=\"{users}\"",
            "mqtt.security.password-file.reload-interval=1s",
            "mqtt.security.password-file.concurrent-checks=3",
            "mqtt.security.authentication-timeout=2s",
            "mqtt.security.authentication-methods=[]",
            "mqtt.security.allow-anonymous=off").Broker.Security;

        security.Authentication.Should().Equal(AuthenticationSource.PasswordFile);
        security.PasswordFile.Should().Be(new PasswordFileOptions { Path = users, ReloadInterval = TimeSpan.FromSeconds(1), ConcurrentChecks = 3 });
        security.PasswordFile.EffectiveConcurrentChecks.Should().Be(3);
        new PasswordFileOptions().EffectiveConcurrentChecks.Should().BeGreaterThan(0);
        (security.AuthenticationTimeout, security.AllowAnonymous).Should().Be((TimeSpan.FromSeconds(2), false));
        security.AuthenticationMethods.Should().BeEmpty();
    }

    [Theory]
    [InlineData("""mqtt.security.authentication=["ldap"]""", "has \"ldap\"; each must be one of password-file, sql, x509, jwt, http.")]
    [InlineData("""mqtt.security.authentication=["password-file", "password-file"]""", "has \"password-file\" twice.")]
    [InlineData("""mqtt.security.authentication=["password-file"]""", "needs a file: make one with Broker.Node passwd FILE USER")]
    [InlineData("""mqtt.security.authentication-methods=["PLAIN"]""", "has \"PLAIN\"; each must be one of SCRAM-SHA-256.")]
    [InlineData("mqtt.security.authentication-timeout=10ms", "must be a duration")]
    [InlineData("""mqtt.security.authentication=["sql"]""", "needs a query with @user")]
    [InlineData("""mqtt.security.authentication=["x509"]""", "no enabled listener asks for certificates")]
    [InlineData("""mqtt.security.authentication=["jwt"]""", "which needs keys: name a file with a JWKS, or an https URL.")]
    [InlineData("""mqtt.security.authentication=["jwt"]""", "without it a token for somebody else would count here.")]
    [InlineData("""mqtt.security={ authentication = ["jwt"], jwt.keys = "http://example.com/keys" }""", "must be an https URL: without TLS others can read and forge what is said.")]
    [InlineData("""mqtt.security={ authentication = ["jwt"], jwt.keys = "/nowhere/keys" }""", "/nowhere/keys: it cannot be read")]
    [InlineData("""mqtt.security={ authentication = ["jwt"], jwt.ca-file = "/nowhere/ca" }""", "mqtt.security.jwt.ca-file")]
    [InlineData("""mqtt.security.authentication=["http"]""", "must be an https URL.")]
    [InlineData("mqtt.security.http.cache-size=0", "must be a whole number from 1 to 1000000.")]
    [InlineData("mqtt.security.x509.user-name=serial", "must be one of common-name, subject, dns, email, uri.")]
    [InlineData("mqtt.security.sql.database.provider=postgresql", "mqtt.security.sql.database.provider = postgresql needs one.")]
    [InlineData("mqtt.security.sql.database.provider=oracle", "must be one of same, sqlite, postgresql, sqlserver, mysql.")]
    [InlineData("mqtt.security.sql.database.connection-string=Host=db", "counts for nothing with mqtt.security.sql.database.provider = same")]
    [InlineData("mqtt.security.authorization.default=ask", "must be one of auto, allow, deny.")]
    [InlineData("mqtt.security.authorization.acl-file=/nowhere/acl", "/nowhere/acl: there is no such file.")]
    [InlineData("""mqtt.security.authorization.rules=["allow all user alice"]""", "after user, client or role come a name")]
    [InlineData("mqtt.security.password-file.concurrent-checks=-1", "must be a whole number from 0 to 1024.")]
    public void A_wrong_value_is_refused(string set, string told) => Given.Problems(set).Should().Contain(problem => problem.Contains(told, StringComparison.Ordinal));

    [Fact]
    public void A_password_file_that_is_not_usable_is_told_with_its_line_before_anything_starts()
    {
        var users = _folder.Write("users", "alice:secret\n");

        var problem = Given.Problem("""mqtt.security.authentication=["password-file"]""", $"mqtt.security.password-file.path=\"{users}\"");

        problem.Should().StartWith("mqtt.security.password-file.path = ").And.Contain($"{users}, line 1: ").And.NotContain("secret");
    }

    [Fact]
    public void Rules_are_read_with_whom_they_are_for()
    {
        var acl = _folder.Write("acl", "allow all all #\n");

        var authorization = Given.Options(
            """mqtt.security.authorization.rules=["deny publish role viewer a/#"]""",
            "mqtt.security.authorization.default=allow",
            $"mqtt.security.authorization.acl-file=\"{acl}\"",
            "mqtt.security.authorization.acl-query=SELECT 1",
            """mqtt.security.authorization.database={ provider = mysql, connection-string = "Server=db", timeout = 1s }""",
            "mqtt.security.authorization.reload-interval=1s").Broker.Security.Authorization;

        authorization.Should().BeEquivalentTo(new AuthorizationOptions
        {
            Rules = [new AccessRule(false, AccessKinds.Publish, "a/#", AccessSubject.Role, "viewer")],
            Default = AccessDefault.Allow,
            AclFile = acl,
            AclQuery = "SELECT 1",
            Database = new SecurityDatabaseOptions { Provider = SecurityDatabaseProvider.MySql, ConnectionString = "Server=db", Timeout = TimeSpan.FromSeconds(1) },
            ReloadInterval = TimeSpan.FromSeconds(1),
        });
    }

    [Fact]
    public void Certificates_need_a_listener_that_asks_for_them()
    {
        var certificates = EndToEnd.Harness.Certificates.In(_folder.Path);

        var security = Given.Options(
            """mqtt.security.authentication=["x509"]""",
            "mqtt.security.x509={ user-name = uri, client-id-must-match = on }",
            $$"""mqtt.listeners.tls={ enabled = on, tls { certificate-file = "{{certificates.ServerFile}}", key-file = "{{certificates.ServerKeyFile}}", client-certificate = optional } }""").Broker.Security;

        security.X509.Should().Be(new CertificateUsersOptions { UserName = CertificateName.Uri, ClientIdMustMatch = true });
    }

    [Fact]
    public void A_password_file_that_nobody_uses_need_not_be_there() =>
        Given.Options("mqtt.security.password-file.path=\"/nowhere/users\"").Broker.Security.Authentication.Should().BeEmpty();
}
