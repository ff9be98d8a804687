using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;
using Broker.Specs.Protocol.Codec;
using static Broker.Protocol.Packets.ProtocolVersion;

namespace Broker.Specs.Conformance;

/// <summary>Statements about enhanced authentication (sections 3.15 and 4.12), with a method that the server knows.</summary>
public class AuthenticationStatements(UsersBroker users) : IClassFixture<UsersBroker>
{
    [Fact]
    [Statement(V5, "MQTT-4.12.0-2", "MQTT-4.12.0-5", "MQTT-3.15.2-1")]
    public async Task The_server_s_AUTH_has_0x18_and_the_method_and_so_has_the_CONNACK_that_accepts()
    {
        var scram = new ScramClient(UsersBroker.UserName, UsersBroker.Password);
        await using var client = await users.OpenAsync(UsersBroker.Connect(scram));

        var challenge = await client.ExpectAsync<AuthPacket>();
        ((int)challenge.ReasonCode).Should().Be(0x18);
        challenge.AuthenticationMethod.Should().Be(ScramClient.Method);

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));
        var answer = await client.ExpectAsync<ConnAckPacket>();
        answer.ReasonCode.Should().Be(ReasonCode.Success);
        answer.AuthenticationMethod.Should().Be(ScramClient.Method);
    }

    [Fact]
    [Statement(V5, "MQTT-3.15.2-1", "MQTT-4.12.0-5")]
    public async Task The_AUTH_that_ends_a_re_authentication_has_0x00_and_the_method()
    {
        var scram = new ScramClient(UsersBroker.UserName, UsersBroker.Password);
        await using var client = await users.ConnectAsync();
        await client.SendAsync(UsersBroker.Again(scram.First));
        var challenge = await client.ExpectAsync<AuthPacket>();
        ((int)challenge.ReasonCode).Should().Be(0x18);
        challenge.AuthenticationMethod.Should().Be(ScramClient.Method);

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        var answer = await client.ExpectAsync<AuthPacket>();
        ((int)answer.ReasonCode).Should().Be(0x00);
        answer.AuthenticationMethod.Should().Be(ScramClient.Method);
    }

    [Fact]
    [Statement(V5, "MQTT-3.15.2-1", IsOurAnswer = true)]
    public async Task AUTH_with_a_code_that_is_not_the_client_s_ends_the_connection()
    {
        foreach (var code in (string[])["00", "80", "17"])
        {
            await using var client = await users.ConnectAsync();
            await client.SendAsync(Wire.Packet("F0", $"{code} 10 15 <{ScramClient.Method}>"));
            await client.ExpectEndAsync();
        }
    }

    [Fact]
    [Statement(V5, "MQTT-3.15.2-2", "MQTT-3.15.2-3")]
    public async Task AUTH_is_no_larger_than_the_client_takes_and_none_that_is_gets_sent()
    {
        var scram = new ScramClient(UsersBroker.UserName, UsersBroker.Password);
        int size;
        await using (var client = await users.OpenAsync(UsersBroker.Connect(scram)))
        {
            var challenge = await client.ExpectAsync<AuthPacket>();
            size = CodecHarness.Encode(challenge, V5).Length;
        }

        await using (var client = await users.OpenAsync(UsersBroker.Connect(scram, maximumPacketSize: (uint)size)))
        {
            var challenge = await client.ExpectAsync<AuthPacket>();
            CodecHarness.Encode(challenge, V5).Length.Should().BeLessThanOrEqualTo(size);
        }

        await using (var client = await users.OpenAsync(UsersBroker.Connect(scram, maximumPacketSize: (uint)size - 1)))
        {
            await client.ExpectNoServiceAsync();
            client.Received.Should().NotContain(packet => packet is AuthPacket);
        }
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.0-4", "MQTT-3.1.4-2")]
    public async Task A_client_that_is_rejected_is_disconnected()
    {
        var scram = new ScramClient(UsersBroker.UserName, "wrong");
        await using var client = await users.OpenAsync(UsersBroker.Connect(scram));
        var challenge = await client.ExpectAsync<AuthPacket>();

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        await client.ExpectNoServiceAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.0-5", "MQTT-4.12.1-1", IsOurAnswer = true)]
    public async Task AUTH_with_another_method_than_CONNECT_ends_the_connection()
    {
        await using var connecting = await users.OpenAsync(UsersBroker.Connect(new ScramClient(UsersBroker.UserName, UsersBroker.Password)));
        await connecting.ExpectAsync<AuthPacket>();
        await connecting.SendAsync(UsersBroker.Continue("x"u8.ToArray(), "OTHER"));
        await connecting.ExpectNoServiceAsync();

        await using var connected = await users.ConnectAsync();
        await connected.SendAsync(UsersBroker.Again("x"u8.ToArray(), "OTHER"));
        await connected.ExpectEndAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-3.1.2-30")]
    public async Task A_client_that_sends_something_else_before_CONNACK_is_disconnected()
    {
        await using var client = await users.OpenAsync(UsersBroker.Connect(new ScramClient(UsersBroker.UserName, UsersBroker.Password)));
        await client.ExpectAsync<AuthPacket>();

        await client.SendAsync(new PublishPacket { Topic = "t" });

        await client.ExpectNoServiceAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.0-6")]
    public async Task A_client_without_a_method_gets_neither_AUTH_nor_a_method_here_either()
    {
        await using var client = await users.OpenAsync(new ConnectPacket
        {
            Version = V5,
            ClientId = Unique.Name("plain"),
            UserName = UsersBroker.UserName,
            Password = System.Text.Encoding.UTF8.GetBytes(UsersBroker.Password),
        });

        (await client.ExpectAsync<ConnAckPacket>()).AuthenticationMethod.Should().BeNull();
        await client.ExpectNothingAsync();
    }

    [Fact]
    [Statement(V5, "MQTT-4.12.1-2")]
    public async Task A_re_authentication_that_fails_ends_the_connection()
    {
        var scram = new ScramClient(UsersBroker.UserName, "wrong");
        await using var client = await users.ConnectAsync();
        await client.SendAsync(UsersBroker.Again(scram.First));
        var challenge = await client.ExpectAsync<AuthPacket>();

        await client.SendAsync(UsersBroker.Continue(scram.Final(challenge.AuthenticationData)));

        await client.ExpectEndAsync();
    }
}
