using System.Net;
using System.Net.Sockets;
using Broker.Actors.Hosting;
using Broker.Node.Hosting;
using Broker.Node.Logging;
using Broker.Node.Management;
using Broker.Node.Management.Access;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Node.Management;

public sealed class ManagementServerSpecs
{
    private Readiness _readiness = new(false, "waiting for the cluster");

    [Fact]
    public async Task Alive_is_always_200()
    {
        await using var server = Server(new ManagementOptions { Port = 0 });
        using var http = new HttpClient { BaseAddress = await server.StartAsync() };

        using var answer = await http.GetAsync("/alive");

        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        (await answer.Content.ReadAsStringAsync()).Should().Be("alive\n");
    }

    [Fact]
    public async Task Ready_follows_the_node_and_says_why()
    {
        await using var server = Server(new ManagementOptions { Port = 0 });
        using var http = new HttpClient { BaseAddress = await server.StartAsync() };

        using var before = await http.GetAsync("/ready");
        _readiness = new Readiness(true, "ready");
        using var after = await http.GetAsync("/ready");

        before.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await before.Content.ReadAsStringAsync()).Should().Be("waiting for the cluster\n");
        after.StatusCode.Should().Be(HttpStatusCode.OK);
        (await after.Content.ReadAsStringAsync()).Should().Be("ready\n");
        after.Headers.CacheControl!.NoStore.Should().BeTrue();
    }

    [Fact]
    public async Task Anything_else_is_not_there()
    {
        await using var server = Server(new ManagementOptions { Port = 0 });
        using var http = new HttpClient { BaseAddress = await server.StartAsync() };

        using var answer = await http.GetAsync("/");

        answer.StatusCode.Should().Be(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("/api/v1/clients")]
    [InlineData("/api/v1/node")]
    [InlineData("/ha")]
    public async Task What_is_asked_before_the_node_is_there_gets_503(string path)
    {
        await using var server = Server(new ManagementOptions { Port = 0 });
        using var http = new HttpClient { BaseAddress = await server.StartAsync() };

        using var answer = await http.GetAsync(path);

        answer.StatusCode.Should().Be(HttpStatusCode.ServiceUnavailable);
        (await answer.Content.ReadAsStringAsync()).Should().Be("""{"message":"the node has not joined the cluster yet"}""");
    }

    [Fact]
    public async Task Where_there_are_tokens_only_probes_go_without()
    {
        const string Token = "0123456789abcdef0123456789abcdef";
        await using var server = Server(new ManagementOptions { Port = 0, Tokens = [new("alice", Token, ManagementRole.Viewer)] });
        using var http = new HttpClient { BaseAddress = await server.StartAsync() };

        foreach (var (path, header, status) in ((string, string?, HttpStatusCode)[])
            [
                ("/alive", null, HttpStatusCode.OK),
                ("/ready", null, HttpStatusCode.ServiceUnavailable),
                ("/ha", null, HttpStatusCode.ServiceUnavailable),
                ("/api/v1/openapi.json", null, HttpStatusCode.Unauthorized),
                ("/api/v1/openapi.json", "Basic " + Token, HttpStatusCode.Unauthorized),
                ("/api/v1/openapi.json", "Bearer " + Token + "x", HttpStatusCode.Unauthorized),
                ("/api/v1/openapi.json", "Bearer " + Token, HttpStatusCode.OK),
                ("//api/v1/openapi.json", null, HttpStatusCode.Unauthorized),
                ("/nothing", null, HttpStatusCode.Unauthorized),
                ("/nothing", "bearer " + Token, HttpStatusCode.NotFound),
            ])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, http.BaseAddress + path[1..]);
            request.Headers.TryAddWithoutValidation("Authorization", header ?? "");
            using var answer = await http.SendAsync(request);

            answer.StatusCode.Should().Be(status, "{0} with {1}", path, header);
        }

        using var change = new HttpRequestMessage(HttpMethod.Post, "/api/v1/drain") { Headers = { { "Authorization", "Bearer " + Token } } };
        using var refused = await http.SendAsync(change);
        refused.StatusCode.Should().Be(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    public async Task It_listens_where_it_is_told(string host)
    {
        await using var server = Server(new ManagementOptions { Host = host, Port = 0 });

        (await server.StartAsync())!.Host.Should().Be("127.0.0.1");
    }

    [Fact]
    public async Task Nothing_listens_where_it_is_off()
    {
        await using var server = Server(new ManagementOptions { Enabled = false });

        (await server.StartAsync()).Should().BeNull();
    }

    [Fact]
    public async Task A_port_in_use_names_the_key()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        await using var server = Server(new ManagementOptions { Port = port });

        var start = server.StartAsync;

        (await start.Should().ThrowAsync<StartException>()).WithMessage($"mqtt.management.port = {port}: another process listens on 127.0.0.1:{port} already.*");
    }

    [Fact]
    public async Task An_address_of_another_machine_names_the_key()
    {
        await using var server = Server(new ManagementOptions { Host = "192.0.2.1", Port = 0 });

        var start = server.StartAsync;

        (await start.Should().ThrowAsync<StartException>()).WithMessage("mqtt.management.host = \"192.0.2.1\": no network interface of this machine*");
    }

    private ManagementServer Server(ManagementOptions options) => new(
        options,
        new ManagementSources { Readiness = () => _readiness, Cluster = () => null, Inspection = () => null, Settings = static () => [], Limits = static () => [], LogLevels = new LogLevels(new LoggingOptions()) },
        NullLoggerFactory.Instance);
}
