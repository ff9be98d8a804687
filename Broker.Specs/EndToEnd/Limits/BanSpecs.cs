using System.Net;
using System.Text;
using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.EndToEnd.Limits;

/// <summary>A broker that bans soon and not for long, and lets few connections in from each address.</summary>
public sealed class BanningBroker : IAsyncLifetime, IDisposable
{
    internal const int BadLogins = 3;
    internal const int Connects = 4;
    internal const int PerAddress = 4;

    private readonly TemporaryFolder _folder = new();

    /// <summary>The broker.</summary>
    internal BrokerProcess Process { get; private set; } = null!;

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        UserFileEditor.Set(_folder.File("users"), "alice", "right");
        Process = await BrokerProcess.StartAsync(
            """mqtt.security.authentication=["password-file"]""",
            $"mqtt.security.password-file.path=\"{_folder.File("users")}\"",
            $"mqtt.limits.max-connections-per-address={PerAddress}",
            $$"""mqtt.bans={ bad-logins = {{BadLogins}}, connects = {{Connects}}, window = 1m, duration = 4s }""");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync() => await Process.DisposeAsync();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}

/// <summary>Who is turned away for a time, and that nobody else is. Each spec comes from an address of its own.</summary>
public sealed class BanSpecs(BanningBroker banning) : IClassFixture<BanningBroker>
{
    [Theory]
    [InlineData(V5, "127.0.0.5", ReasonCode.Banned)]
    [InlineData(V311, "127.0.0.3", ReasonCode.NotAuthorized)]
    public async Task An_address_with_too_many_bad_logins_is_banned_for_a_time_and_no_other_is(ProtocolVersion version, string address, ReasonCode reasonCode)
    {
        for (var i = 0; i < BanningBroker.BadLogins; i++)
        {
            (await LoginAsync(version, address, Unique.Name("login"), "wrong")).Should().Be(ReasonCode.BadUserNameOrPassword);
        }

        (await LoginAsync(version, address, Unique.Name("login"), "right")).Should().Be(reasonCode);
        (await LoginAsync(version, "127.0.0.1", Unique.Name("login"), "right")).Should().Be(ReasonCode.Success);
        banning.Process.Output.Should().ContainSingle(line => line.Contains($" {address}:") && line.Contains("is banned for"));
        await ExpectAcceptedAgainAsync(version, address, Unique.Name("login"));
    }

    [Fact]
    public async Task A_client_id_that_connects_too_often_is_banned_for_a_time_and_no_other_is()
    {
        var flaps = Unique.Name("flaps");
        for (var i = 0; i < BanningBroker.Connects; i++)
        {
            (await LoginAsync(V5, "127.0.0.6", flaps, "right")).Should().Be(ReasonCode.Success);
        }

        (await LoginAsync(V5, "127.0.0.6", flaps, "right")).Should().Be(ReasonCode.Banned);
        (await LoginAsync(V5, "127.0.0.6", Unique.Name("other"), "right")).Should().Be(ReasonCode.Success);
        banning.Process.Output.Should().ContainSingle(line => line.Contains($"The client id {flaps}, last from 127.0.0.6:") && line.Contains("is banned for"));
        await ExpectAcceptedAgainAsync(V5, "127.0.0.6", flaps);
    }

    [Fact]
    public async Task An_address_with_as_many_connections_as_it_may_have_gets_no_other_until_one_ends()
    {
        var from = IPAddress.Parse("127.0.0.7");
        var clients = new List<RawClient>();
        for (var i = 0; i < BanningBroker.PerAddress; i++)
        {
            clients.Add(await RawClient.OpenAsync(banning.Process.Endpoint, V5, from: from));
            (await clients[i].AnswerToAsync(Login(V5, Unique.Name("many"), "right")))!.ReasonCode.Should().Be(ReasonCode.Success);
        }

        await using (var tooMany = await RawClient.OpenAsync(banning.Process.Endpoint, V5, from: from))
        {
            await tooMany.ExpectCloseAsync();
        }

        (await LoginAsync(V5, "127.0.0.1", Unique.Name("elsewhere"), "right")).Should().Be(ReasonCode.Success);
        banning.Process.Output.Should().ContainSingle(line => line.Contains(" 127.0.0.7:") && line.Contains("max-connections-per-address"));
        await clients[0].DisposeAsync();
        await ExpectAcceptedAgainAsync(V5, "127.0.0.7", Unique.Name("later"));
        foreach (var client in clients)
        {
            await client.DisposeAsync();
        }
    }

    private static ConnectPacket Login(ProtocolVersion version, string clientId, string password) =>
        new() { Version = version, ClientId = clientId, UserName = "alice", Password = Encoding.UTF8.GetBytes(password) };

    /// <summary>What CONNACK says; the connection is at its end then. Null: the broker has closed it before.</summary>
    private async Task<ReasonCode?> LoginAsync(ProtocolVersion version, string from, string clientId, string password)
    {
        await using var client = await RawClient.OpenAsync(banning.Process.Endpoint, version, from: IPAddress.Parse(from));
        return (await client.AnswerToAsync(Login(version, clientId, password)))?.ReasonCode;
    }

    private async Task ExpectAcceptedAgainAsync(ProtocolVersion version, string from, string clientId) =>
        (await Eventually.HoldsAsync(async () => await LoginAsync(version, from, clientId, "right") == ReasonCode.Success, Deadline.ForPackets)).Should().BeTrue();
}
