using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Rules about topics of a file that changes while the broker runs, and users with roles.</summary>
public sealed class AuthorizationSpecs : IAsyncLifetime, IDisposable
{
    private const string AllowAll = "allow all all #\n";

    private readonly TemporaryFolder _folder = new();
    private BrokerProcess? _broker;

    private string Acl => _folder.File("acl");

    private BrokerEndpoint Broker => _broker!.Endpoint;

    public async Task InitializeAsync()
    {
        UserFileEditor.Set(_folder.File("users"), "alice", "secret", ["operator"]);
        UserFileEditor.Set(_folder.File("users"), "bob", "secret");
        WriteRules(AllowAll);
        _broker = await BrokerProcess.StartAsync(
            """mqtt.security.authentication=["password-file"]""",
            $"mqtt.security.password-file.path=\"{_folder.File("users")}\"",
            $"mqtt.security.authorization.acl-file=\"{Acl}\"",
            "mqtt.security.authorization.reload-interval=100ms");
    }

    public async Task DisposeAsync() => await _broker!.DisposeAsync();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Roles_users_and_clients_may_what_their_rules_say()
    {
        await ReloadAsync("""
            # Operators everything, each user what is its own.
            allow all role operator #
            allow all all users/%u/#
            allow subscribe client reader public/#
            """);
        await using var alice = await ConnectAsync("alice");
        await using var bob = await ConnectAsync("bob");
        await using var reader = await Broker.ConnectAsync(V5, "reader");

        (await alice.PublishAsync("plant/1", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized);
        (await bob.PublishAsync("plant/1", "x", AtLeastOnce)).Should().Be(ReasonCode.NotAuthorized);
        (await bob.PublishAsync("users/bob/x", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized);
        (await bob.PublishAsync("users/alice/x", "x", AtLeastOnce)).Should().Be(ReasonCode.NotAuthorized);
        (await reader.TrySubscribeAsync(null, new SubscriptionRequest("public/+", AtMostOnce), new SubscriptionRequest("#", AtMostOnce), new SubscriptionRequest("$share/g/users/#", AtMostOnce)))
            .ReasonCodes.Should().Equal(ReasonCode.GrantedQoS0, ReasonCode.NotAuthorized, ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task A_client_id_with_wildcards_is_no_way_into_what_is_others()
    {
        await ReloadAsync("allow all all of/%c/#\n");
        await using var hash = await Broker.ConnectAsync(V5, "#");
        await using var plus = await Broker.ConnectAsync(V5, "+");

        (await hash.TrySubscribeAsync(null, new SubscriptionRequest("of/#", AtMostOnce))).ReasonCodes.Should().Equal(ReasonCode.NotAuthorized);
        (await plus.TrySubscribeAsync(null, new SubscriptionRequest("of/+/#", AtMostOnce), new SubscriptionRequest("of/x/#", AtMostOnce)))
            .ReasonCodes.Should().Equal(ReasonCode.NotAuthorized, ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task A_retained_message_whose_right_was_withdrawn_is_not_delivered()
    {
        await using var bob = await ConnectAsync("bob");
        await bob.PublishAsync("retained/secret", "x", AtLeastOnce, retain: true);
        await bob.PublishAsync("retained/open", "y", AtLeastOnce, retain: true);

        await ReloadAsync("deny subscribe user bob retained/secret\n" + AllowAll);
        await bob.SubscribeAsync("retained/#", AtLeastOnce);

        (await bob.ReceiveAsync()).Text().Should().Be("y");
        await bob.ExpectNothingAsync();
    }

    [Theory]
    [InlineData(AtLeastOnce)]
    [InlineData(ExactlyOnce)]
    public async Task A_durable_subscription_whose_right_was_withdrawn_delivers_nothing_of_it(QualityOfService qos)
    {
        var name = Unique.Name("durable");
        await using (var first = await ConnectAsync("bob", name, sessionExpiry: 300))
        {
            await first.SubscribeAsync("durable/#", qos);
        }

        await using var alice = await ConnectAsync("alice");
        await alice.PublishAsync("durable/secret", "x", qos);
        await alice.PublishAsync("durable/open", "y", qos);
        await ReloadAsync("deny subscribe user bob durable/secret\n" + AllowAll);

        await using var second = await ConnectAsync("bob", name, sessionExpiry: 300);
        (await second.ReceiveAsync()).Text().Should().Be("y");
        await second.ExpectNothingAsync();

        // The queue is rid of it: it does not come with the right.
        await second.DisconnectAsync();
        await ReloadAsync(AllowAll);
        await using var third = await ConnectAsync("bob", name, sessionExpiry: 300);
        await third.ExpectNothingAsync();
    }

    [Fact]
    public async Task A_will_whose_right_was_withdrawn_is_not_published()
    {
        await using var alice = await ConnectAsync("alice");
        await alice.SubscribeAsync("will/#", AtLeastOnce);
        var bob = await ConnectAsync("bob", will: new WillMessage { Topic = "will/bob", Payload = "gone"u8.ToArray(), QoS = AtLeastOnce });
        await ReloadAsync("deny publish user bob will/#\n" + AllowAll);

        await bob.CloseAsync();
        await _broker!.WaitForLineAsync("is not published");

        await alice.ExpectNothingAsync();
        await using var refused = await RawClient.OpenAsync(Broker, V5);
        await refused.SendAsync(Login("bob", will: new WillMessage { Topic = "will/bob", Payload = default }));
        (await refused.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task A_file_that_is_not_usable_keeps_the_rules_and_opens_no_door()
    {
        await ReloadAsync("deny all user bob secret\n" + AllowAll);

        WriteRules("allow all all #\nallow everything\n");
        await _broker!.WaitForLineAsync($"{Acl}, line 2");
        await using var bob = await ConnectAsync("bob");
        (await bob.PublishAsync("secret", "x", AtLeastOnce)).Should().Be(ReasonCode.NotAuthorized);

        WriteRules("");
        await _broker.WaitForLineAsync("it has no rule");
        (await bob.PublishAsync("secret", "x", AtLeastOnce)).Should().Be(ReasonCode.NotAuthorized);
        (await bob.PublishAsync("open", "x", AtLeastOnce)).Should().NotBe(ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Rules_that_are_read_again_and_again_under_load_lose_nothing_that_is_allowed_and_let_out_nothing_that_is_not()
    {
        const int messages = 3_000;
        await using var subscriber = await ConnectAsync("bob", receiveMaximum: 1_000);
        await subscriber.SubscribeAsync("load/+", AtLeastOnce);
        await ReloadAsync("deny subscribe user bob load/secret\n" + AllowAll);
        await using var publisher = await ConnectAsync("alice");
        using var stop = new CancellationTokenSource();
        var reloading = ReloadUntilAsync(stop.Token);

        var publishing = Task.Run(async () =>
        {
            for (var i = 0; i < messages; i++)
            {
                await publisher.PublishAsync("load/secret", "secret", AtMostOnce);
                await publisher.PublishAsync("load/open", $"{i}", AtLeastOnce);
            }
        });
        for (var i = 0; i < messages; i++)
        {
            (await subscriber.ReceiveAsync()).Text().Should().Be($"{i}");
        }

        await publishing;
        await stop.CancelAsync();
        (await reloading).Should().BeGreaterThan(2);
    }

    private static ConnectPacket Login(string user, string? clientId = null, uint? sessionExpiry = null, WillMessage? will = null, ushort? receiveMaximum = null) => new()
    {
        Version = V5,
        ClientId = clientId ?? Unique.Name("acl"),
        UserName = user,
        Password = "secret"u8.ToArray(),
        CleanStart = sessionExpiry is null,
        SessionExpiryInterval = sessionExpiry,
        Will = will,
        ReceiveMaximum = receiveMaximum,
    };

    private Task<RawClient> ConnectAsync(string user, string? clientId = null, uint? sessionExpiry = null, WillMessage? will = null, ushort? receiveMaximum = null) =>
        RawClient.ConnectAsync(Broker, Login(user, clientId, sessionExpiry, will, receiveMaximum));

    /// <summary>Other rules, each time with the same meaning.</summary>
    private async Task<int> ReloadUntilAsync(CancellationToken stop)
    {
        var reloads = 0;
        while (!stop.IsCancellationRequested)
        {
            await ReloadAsync($"deny subscribe user bob load/secret\nallow all user reload-{++reloads} x\n{AllowAll}");
        }

        return reloads;
    }

    /// <summary>Puts these rules in force. Whatever held before, only they allow the one marker and deny the other.</summary>
    private async Task ReloadAsync(string rules)
    {
        var marker = Unique.Name("marker");
        WriteRules($"allow publish all {marker}/a\ndeny publish all {marker}/b\n{rules}");
        await using var client = await Broker.ConnectAsync(V5);
        var isInForce = await Eventually.HoldsAsync(
            async () => await IsAllowedAsync(client, $"{marker}/a") && !await IsAllowedAsync(client, $"{marker}/b"), Deadline.ForPackets);
        isInForce.Should().BeTrue("the rules should be in force by now; the broker printed: {0}", Broker.Transcript());
    }

    private static async Task<bool> IsAllowedAsync(RawClient client, string topic) => await client.PublishAsync(topic, "", AtLeastOnce) != ReasonCode.NotAuthorized;

    /// <summary>As a whole, as an operator should.</summary>
    private void WriteRules(string rules)
    {
        File.WriteAllText(Acl + ".new", rules);
        File.Move(Acl + ".new", Acl, overwrite: true);
    }
}
