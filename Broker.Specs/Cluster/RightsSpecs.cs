using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.Cluster.Harness;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.Cluster;

/// <summary>Rules that are the same on every node hold for what comes from other nodes too.</summary>
[Collection(ClusterCollection.Name)]
public sealed class RightsSpecs : IAsyncLifetime, IDisposable
{
    private const string AllowAll = "allow all all #\n";

    private readonly TemporaryFolder _folder = new();
    private TestCluster? _cluster;

    private IReadOnlyList<ClusterNode> Nodes => _cluster!.Nodes;

    public async Task InitializeAsync()
    {
        UserFileEditor.Set(_folder.File("users"), "alice", "secret");
        UserFileEditor.Set(_folder.File("users"), "bob", "secret", ["operator"]);
        WriteRules(AllowAll);
        _cluster = await TestCluster.CreateAsync(
            nodes: 2,
            withNetwork: false,
            """mqtt.security.authentication=["password-file"]""",
            $"mqtt.security.password-file.path=\"{_folder.File("users")}\"",
            $"mqtt.security.authorization.acl-file=\"{_folder.File("acl")}\"",
            "mqtt.security.authorization.reload-interval=100ms");
        await _cluster.MakeWholeAsync();
    }

    public async Task DisposeAsync() => await _cluster!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_right_that_is_withdrawn_stops_what_comes_from_another_node()
    {
        await using var alice = await ConnectAsync(Nodes[0], "alice");
        await using var live = await ConnectAsync(Nodes[1], "bob");
        await using var stored = await ConnectAsync(Nodes[1], "bob", sessionExpiry: 300);
        foreach (var bob in (RawClient[])[live, stored])
        {
            await bob.SubscribeAsync("rights/#", AtLeastOnce);
        }

        await ReloadAsync("deny subscribe role operator rights/secret\n" + AllowAll);
        foreach (var qos in (QualityOfService[])[AtMostOnce, AtLeastOnce])
        {
            await alice.PublishAsync("rights/secret", "secret", qos);
            await alice.PublishAsync("rights/open", $"open {qos}", qos);
        }

        foreach (var bob in (RawClient[])[live, stored])
        {
            (await bob.ReceiveTextsAsync(2)).Should().BeEquivalentTo($"open {AtMostOnce}", $"open {AtLeastOnce}");
            await bob.ExpectNothingAsync();
        }
    }

    [Fact]
    public async Task A_will_is_looked_at_with_the_rights_of_its_client_wherever_its_session_lives()
    {
        await using var witness = await ConnectAsync(Nodes[1], "alice");
        await witness.SubscribeAsync("will/#", AtLeastOnce);
        await ReloadAsync("allow publish user bob will/#\ndeny publish user alice will/#\n" + AllowAll);
        var clients = new List<RawClient>();
        for (var i = 0; i < 8; i++)
        {
            clients.Add(await ConnectAsync(Nodes[i % 2], "bob", will: new WillMessage { Topic = $"will/{i}", Payload = "gone"u8.ToArray(), QoS = AtLeastOnce }));
        }

        // Half of them may not any more.
        await ReloadAsync(string.Concat(Enumerable.Range(0, 4).Select(static i => $"deny publish role operator will/{i}\n")) + AllowAll);
        foreach (var client in clients)
        {
            await client.CloseAsync();
        }

        var topics = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            topics.Add((await witness.ReceiveAsync()).Topic);
        }

        topics.Should().BeEquivalentTo("will/4", "will/5", "will/6", "will/7");
        await witness.ExpectNothingAsync();
    }

    private static Task<RawClient> ConnectAsync(ClusterNode node, string user, uint? sessionExpiry = null, WillMessage? will = null) =>
        RawClient.ConnectAsync(node.Endpoint, new ConnectPacket
        {
            Version = V5,
            ClientId = Unique.Name("rights"),
            UserName = user,
            Password = "secret"u8.ToArray(),
            CleanStart = sessionExpiry is null,
            SessionExpiryInterval = sessionExpiry,
            Will = will,
        });

    /// <summary>Puts these rules in force on every node. Whatever held before, only they allow the one marker and deny the other.</summary>
    private async Task ReloadAsync(string rules)
    {
        var marker = Unique.Name("marker");
        WriteRules($"allow publish all {marker}/a\ndeny publish all {marker}/b\n{rules}");
        foreach (var node in Nodes)
        {
            await using var client = await node.Endpoint.ConnectAsync(V5);
            await _cluster!.UntilAsync(
                async () => await client.PublishAsync($"{marker}/a", "", AtLeastOnce) != ReasonCode.NotAuthorized
                    && await client.PublishAsync($"{marker}/b", "", AtLeastOnce) == ReasonCode.NotAuthorized,
                "the rules should be in force");
        }
    }

    private void WriteRules(string rules)
    {
        File.WriteAllText(_folder.File("acl.new"), rules);
        File.Move(_folder.File("acl.new"), _folder.File("acl"), overwrite: true);
    }
}
