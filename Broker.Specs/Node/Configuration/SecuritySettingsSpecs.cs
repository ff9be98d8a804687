using Broker.Actors.Hosting;
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
    public void A_password_file_that_nobody_uses_need_not_be_there() =>
        Given.Options("mqtt.security.password-file.path=\"/nowhere/users\"").Broker.Security.Authentication.Should().BeEmpty();
}
