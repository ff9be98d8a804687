using Broker.Actors.Security.Users;
using Broker.Protocol.Packets;

namespace Broker.Specs.EndToEnd.Harness;

/// <summary>A broker that knows its users by a password file, and lets in nobody else.</summary>
public sealed class UsersBroker : IAsyncLifetime
{
    /// <summary>A user.</summary>
    internal const string UserName = "alice";

    /// <summary>The password of the user.</summary>
    internal const string Password = "correct horse";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("akka-mqtt-specs-");
    private BrokerProcess? _broker;

    /// <summary>Where it is.</summary>
    internal BrokerEndpoint Endpoint => _broker!.Endpoint;

    /// <summary>The password file.</summary>
    internal string Users => Path.Combine(_folder.FullName, "users");

    /// <inheritdoc/>
    public async Task InitializeAsync()
    {
        UserFileEditor.Set(Users, UserName, Password);
        UserFileEditor.Set(Users, "bob", "battery staple");
        _broker = await BrokerProcess.StartAsync(
            "mqtt.security.allow-anonymous=off",
            """mqtt.security.authentication=["password-file"]""",
            $"mqtt.security.password-file.path=\"{Users}\"",
            "mqtt.security.password-file.reload-interval=100ms",
            "mqtt.security.authentication-timeout=5s",
            "mqtt.security.authorization.default=allow");
    }

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (_broker is not null)
        {
            await _broker.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    /// <summary>Sends CONNECT, which is not answered yet.</summary>
    internal async Task<RawClient> OpenAsync(ConnectPacket connect)
    {
        var client = await RawClient.OpenAsync(Endpoint, connect.Version);
        await client.SendAsync(connect);
        return client;
    }

    /// <summary>CONNECT with the first message of a SCRAM exchange.</summary>
    internal static ConnectPacket Connect(ScramClient scram, uint? maximumPacketSize = null) => new()
    {
        Version = ProtocolVersion.V5,
        ClientId = Unique.Name("scram"),
        AuthenticationMethod = ScramClient.Method,
        AuthenticationData = scram.First,
        MaximumPacketSize = maximumPacketSize,
    };

    /// <summary>Connects by SCRAM and expects to be accepted.</summary>
    internal async Task<RawClient> ConnectAsync(string userName = UserName, string password = Password)
    {
        var scram = new ScramClient(userName, password);
        var client = await OpenAsync(Connect(scram));
        var challenge = await client.ExpectAsync<AuthPacket>();
        await client.SendAsync(Continue(scram.Final(challenge.AuthenticationData)));
        var answer = await client.ExpectAsync<ConnAckPacket>();
        answer.ReasonCode.Should().Be(ReasonCode.Success, "{0}", answer.ReasonString);
        scram.Check(answer.AuthenticationData);
        return client;
    }

    /// <summary>AUTH that goes on.</summary>
    internal static AuthPacket Continue(ReadOnlyMemory<byte> data, string method = ScramClient.Method) =>
        new() { ReasonCode = ReasonCode.ContinueAuthentication, AuthenticationMethod = method, AuthenticationData = data };

    /// <summary>AUTH that asks for another authentication.</summary>
    internal static AuthPacket Again(ReadOnlyMemory<byte> data, string method = ScramClient.Method) =>
        new() { ReasonCode = ReasonCode.ReAuthenticate, AuthenticationMethod = method, AuthenticationData = data };
}
