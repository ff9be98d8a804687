using Broker.Node.Configuration;

namespace Broker.Specs.Node.Configuration;

public sealed class SecretsSpecs
{
    [Theory]
    [InlineData("mqtt.listeners.tls.tls.password=geheim", "\"******\"")]
    [InlineData("mqtt.listeners.tls.tls.password=", "\"\"")]
    [InlineData("akka.remote.dot-netty.tcp.ssl.certificate.password=geheim", "\"******\"")]
    [InlineData("mqtt.storage.connection-string=Host=db;Password=geheim;Username=me", "\"Host=db;Password=******;Username=me\"")]
    [InlineData("mqtt.storage.connection-string=Server=db;Pwd = 'geh;eim' ;User=me", "\"Server=db;Pwd = ****** ;User=me\"")]
    [InlineData("mqtt.storage.connection-string=postgresql://me:geheim@db/mqtt", "\"postgresql://me:******@db/mqtt\"")]
    [InlineData("akka.persistence.journal.sql.connection-string=Password=geheim", "\"Password=******\"")]
    [InlineData("mqtt.security.http.token=geheim", "\"******\"")]
    [InlineData("mqtt.security.sql.database.connection-string=Host=db;Password=geheim", "\"Host=db;Password=******\"")]
    [InlineData("mqtt.data-directory=/var/lib/mqtt", "\"/var/lib/mqtt\"")]
    [InlineData("mqtt.listeners.tcp.port=1883", "1883")]
    public void Passwords_are_masked_and_nothing_else(string set, string shown) =>
        Secrets.Show(Given.Sets(set).Find(set[..set.IndexOf('=')])!).Should().Be(shown);

    [Fact]
    public void Errors_do_not_show_them_either() =>
        Given.Problem("mqtt.listeners.tcp.password=geheim").Should().NotContain("geheim").And.Contain("******");
}
