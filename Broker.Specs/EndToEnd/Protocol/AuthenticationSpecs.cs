using System.Text;
using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using static Broker.Protocol.Packets.ProtocolVersion;
using static Broker.Protocol.Packets.QualityOfService;

namespace Broker.Specs.EndToEnd.Protocol;

/// <summary>Users of a password file, by password and by SCRAM-SHA-256.</summary>
public class AuthenticationSpecs(UsersBroker users) : IClassFixture<UsersBroker>
{
    private BrokerEndpoint Broker => users.Endpoint;

    [Theory]
    [EveryVersion]
    public async Task Lets_in_who_knows_the_password(ProtocolVersion version)
    {
        await using var client = await RawClient.ConnectAsync(Broker, Login(version, UsersBroker.UserName, UsersBroker.Password));

        await client.SubscribeAsync(Unique.Name("auth"), AtMostOnce);
    }

    [Theory]
    [InlineData(V5, UsersBroker.UserName, "wrong", ReasonCode.BadUserNameOrPassword)]
    [InlineData(V5, "stranger", "wrong", ReasonCode.BadUserNameOrPassword)]
    [InlineData(V5, UsersBroker.UserName, null, ReasonCode.BadUserNameOrPassword)]
    [InlineData(V5, null, null, ReasonCode.NotAuthorized)]
    [InlineData(V311, UsersBroker.UserName, "wrong", ReasonCode.BadUserNameOrPassword)]
    [InlineData(V311, "stranger", "wrong", ReasonCode.BadUserNameOrPassword)]
    [InlineData(V311, null, null, ReasonCode.NotAuthorized)]
    public async Task Keeps_out_who_does_not(ProtocolVersion version, string? userName, string? password, ReasonCode told)
    {
        await using var client = await users.OpenAsync(Login(version, userName, password));

        (await client.ExpectAsync<ConnAckPacket>()).ReasonCode.Should().Be(told);
        await client.ExpectCloseAsync();
    }

    [Fact]
    public async Task Lets_in_by_SCRAM_and_shows_that_it_knows_the_user()
    {
        await using var client = await users.ConnectAsync();

        await client.SubscribeAsync(Unique.Name("auth"));
    }

    [Theory]
    [InlineData(UsersBroker.UserName, "wrong")]
    [InlineData("stranger", UsersBroker.Password)]
    public async Task Keeps_out_by_SCRAM_who_has_not_the_password(string userName, string password)
    {
        var scram = new ScramClient(userName, password);
        await using var client = await users.OpenAsync(UsersBroker.Connect(scram));
        var challenge = await client.ExpectAsync<AuthPacket>();

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        await ExpectRefusalAsync(client, ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Refuses_a_first_message_that_is_none()
    {
        await using var client = await users.OpenAsync(new ConnectPacket
        {
            Version = V5,
            ClientId = Unique.Name("auth"),
            AuthenticationMethod = ScramClient.Method,
            AuthenticationData = "hello"u8.ToArray(),
        });

        await ExpectRefusalAsync(client, ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Refuses_a_method_that_it_does_not_know()
    {
        await using var client = await users.OpenAsync(new ConnectPacket { Version = V5, ClientId = Unique.Name("auth"), AuthenticationMethod = "SCRAM-SHA-1" });

        await ExpectRefusalAsync(client, ReasonCode.BadAuthenticationMethod);
    }

    [Fact]
    public async Task Takes_nothing_but_AUTH_and_DISCONNECT_before_CONNACK()
    {
        foreach (var packet in (Packet[])[new PublishPacket { Topic = "t" }, PingReqPacket.Instance, UsersBroker.Continue(default, "OTHER"), UsersBroker.Again(default)])
        {
            await using var client = await users.OpenAsync(UsersBroker.Connect(new ScramClient(UsersBroker.UserName, UsersBroker.Password)));
            await client.ExpectAsync<AuthPacket>();

            await client.SendAsync(packet);

            await ExpectRefusalAsync(client, ReasonCode.ProtocolError);
        }
    }

    [Fact]
    public async Task Ends_an_exchange_that_the_client_does_not_go_on_with()
    {
        await using var client = await users.OpenAsync(UsersBroker.Connect(new ScramClient(UsersBroker.UserName, UsersBroker.Password)));
        await client.ExpectAsync<AuthPacket>();

        await ExpectRefusalAsync(client, ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Authenticates_again_while_messages_come_and_go()
    {
        var topic = Unique.Name("auth/again");
        await using var client = await users.ConnectAsync();
        await client.SubscribeAsync(topic, AtLeastOnce);
        for (var round = 0; round < 3; round++)
        {
            var scram = new ScramClient(UsersBroker.UserName, UsersBroker.Password);
            await client.SendAsync(UsersBroker.Again(scram.First), Publish(topic, 1), Publish(topic, 2));
            var challenge = await client.ExpectEventuallyAsync<AuthPacket>();

            await client.SendAsync(Publish(topic, 3), UsersBroker.Continue(scram.Final(challenge.AuthenticationData)), Publish(topic, 4));

            var answer = await client.ExpectEventuallyAsync<AuthPacket>();
            (answer.ReasonCode, answer.AuthenticationMethod).Should().Be((ReasonCode.Success, ScramClient.Method));
            scram.Check(answer.AuthenticationData);
            for (ushort id = 1; id <= 4; id++)
            {
                await client.ExpectEventuallyAsync<PubAckPacket>(ack => ack.PacketId == id);
                var message = await client.ExpectEventuallyAsync<PublishPacket>();
                message.Text().Should().Be($"{id}", "the order stays");
                await client.SendAsync(new PubAckPacket { PacketId = message.PacketId });
            }
        }
    }

    [Theory]
    [InlineData(UsersBroker.UserName, "wrong")]
    [InlineData("bob", "battery staple")]
    public async Task Ends_the_connection_where_re_authentication_fails_or_finds_another_user(string userName, string password)
    {
        var scram = new ScramClient(userName, password);
        await using var client = await users.ConnectAsync();
        await client.SendAsync(UsersBroker.Again(scram.First));
        var challenge = await client.ExpectAsync<AuthPacket>();

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        await client.ExpectDisconnectAsync(ReasonCode.NotAuthorized);
    }

    [Fact]
    public async Task Takes_no_AUTH_from_a_client_that_logged_in_by_password()
    {
        await using var client = await RawClient.ConnectAsync(Broker, Login(V5, UsersBroker.UserName, UsersBroker.Password));

        await client.SendAsync(UsersBroker.Again(new ScramClient(UsersBroker.UserName, UsersBroker.Password).First));

        await client.ExpectDisconnectAsync(ReasonCode.ProtocolError);
    }

    [Fact]
    public async Task Knows_a_user_who_is_added_while_it_runs_and_tells_nobody_a_password()
    {
        UserFileEditor.Set(users.Users, "carol", "pencil");

        var isKnown = await Eventually.HoldsAsync(
            async () =>
            {
                await using var client = await TryLoginAsync("carol");
                return client is not null;
            },
            Deadline.ForPackets);

        isKnown.Should().BeTrue();
        await using var carol = await users.ConnectAsync("carol", "pencil");
        Broker.Transcript().Should().Contain("carol").And.NotContain("pencil").And.NotContain(UsersBroker.Password);
    }

    [Fact]
    public async Task Leaves_the_connection_of_a_user_who_is_taken_out()
    {
        UserFileEditor.Set(users.Users, "dave", "pencil");
        RawClient? dave = null;
        (await Eventually.HoldsAsync(async () => await TryLoginAsync("dave") is { } client && (dave = client) is not null, Deadline.ForPackets)).Should().BeTrue();

        UserFileEditor.Delete(users.Users, "dave");

        var isGone = await Eventually.HoldsAsync(
            async () =>
            {
                await using var other = await TryLoginAsync("dave");
                return other is null;
            },
            Deadline.ForPackets);
        isGone.Should().BeTrue();
        (await dave!.AnswersAsync()).Should().BeTrue();
        await dave.DisposeAsync();
    }

    /// <summary>Null: the user is not accepted.</summary>
    private async Task<RawClient?> TryLoginAsync(string userName)
    {
        var client = await users.OpenAsync(Login(V5, userName, "pencil"));
        if ((await client.ExpectAsync<ConnAckPacket>()).ReasonCode == ReasonCode.Success)
        {
            return client;
        }

        await client.DisposeAsync();
        return null;
    }

    private static ConnectPacket Login(ProtocolVersion version, string? userName, string? password) => new()
    {
        Version = version,
        ClientId = Unique.Name("auth"),
        UserName = userName,
        Password = password is null ? (ReadOnlyMemory<byte>?)null : Encoding.UTF8.GetBytes(password),
    };

    private static PublishPacket Publish(string topic, ushort number) =>
        new() { Topic = topic, QoS = AtLeastOnce, PacketId = number, Payload = Encoding.UTF8.GetBytes($"{number}") };

    private static async Task ExpectRefusalAsync(RawClient client, ReasonCode reasonCode)
    {
        var answer = await client.ExpectAsync<ConnAckPacket>();
        answer.ReasonCode.Should().Be(reasonCode, "{0}", answer.ReasonString);
        await client.ExpectCloseAsync();
    }
}
