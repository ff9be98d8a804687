using System.Security.Cryptography.X509Certificates;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Support.Databases;

namespace Broker.Specs.Cluster;

/// <summary>TLS between nodes, as <c>hocon/cluster.conf</c> describes it.</summary>
[Collection(PostgreSqlCollection.Name)]
public sealed class SecuredRemotingSpecs(PostgreSqlFixture fixture) : IDisposable
{
    private const string Password = "secret";

    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Nodes_with_certificates_of_one_authority_are_a_cluster_and_another_ones_stays_outside()
    {
        var database = await fixture.Server.CreateDatabaseAsync();
        var ours = Certificates.In(Directory.CreateDirectory(_folder.File("ours")).FullName);
        var theirs = Certificates.In(Directory.CreateDirectory(_folder.File("theirs")).FullName);

        // The stranger itself trusts both authorities: it is for the others to refuse it.
        var both = _folder.File("both.pem");
        await File.WriteAllTextAsync(both, await File.ReadAllTextAsync(ours.AuthorityFile) + "\n" + await File.ReadAllTextAsync(theirs.AuthorityFile));
        await using var one = Start("one", database, ours, ours.AuthorityFile);
        await using var two = Start("two", database, ours, ours.AuthorityFile);
        await one.WaitForLineAsync("is a member");
        await two.WaitForLineAsync("is a member");

        await using var stranger = Start("stranger", database, theirs, both);

        await one.WaitForLineAsync("TLS handshake failure");
        await stranger.WaitForLineAsync("Couldn't join seed nodes");
        new[] { one, two }.Should().OnlyContain(node => node.Output.Count(line => line.Contains("is a member")) == 1);
        one.Output.Should().Contain(line => line.Contains("akka.ssl.tcp://mqtt@127.0.0.1"));
    }

    public void Dispose() => _folder.Dispose();

    private ChildProcess Start(string name, string database, Certificates certificates, string trusted)
    {
        var folder = Directory.CreateDirectory(_folder.File(name)).FullName;
        var certificate = Path.Combine(folder, "node.pfx");
        using (var pem = X509Certificate2.CreateFromPemFile(certificates.ServerFile, certificates.ServerKeyFile))
        {
            File.WriteAllBytes(certificate, pem.Export(X509ContentType.Pkcs12, Password));
        }

        var file = Path.Combine(folder, "node.conf");
        File.WriteAllText(file, $$"""
            mqtt {
              listeners.tcp.enabled = false
              management.enabled = false
              data-directory = "{{folder}}/data"
              storage.provider = postgresql
              storage.connection-string = "{{database}}"
            }

            akka.remote.dot-netty.tcp {
              port = {{FreePort.Next()}}
              enable-ssl = true
              ssl {
                suppress-validation = false
                require-mutual-authentication = true
                validate-certificate-hostname = true
                certificate {
                  path = "{{certificate}}"
                  password = "{{Password}}"
                }
              }
            }
            """);
        return ChildProcess.Start(
            "env",
            [
                $"SSL_CERT_FILE={trusted}", "dotnet", Path.Combine(AppContext.BaseDirectory, "Broker.Node.dll"), "run",
                "--config", Path.Combine(AppContext.BaseDirectory, "hocon", "cluster.conf"), "--config", file, "--set", "mqtt.security.allow-anonymous=on",
            ],
            folder);
    }
}
