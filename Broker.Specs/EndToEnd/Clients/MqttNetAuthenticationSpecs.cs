using Broker.Specs.EndToEnd.Harness;
using MQTTnet;
using MQTTnet.Formatter;

namespace Broker.Specs.EndToEnd.Clients;

/// <summary>A client that others have written goes through the exchange.</summary>
public class MqttNetAuthenticationSpecs(UsersBroker users) : IClassFixture<UsersBroker>
{
    [Fact]
    public async Task MQTTnet_s_client_is_authenticated_by_SCRAM()
    {
        var factory = new MqttClientFactory();
        var scram = new ScramClient(UsersBroker.UserName, UsersBroker.Password);
        using var client = factory.CreateMqttClient();

        var answer = await client.ConnectAsync(factory.CreateClientOptionsBuilder()
            .WithTcpServer("localhost", users.Endpoint.Port)
            .WithClientId(Unique.Name("mqttnet"))
            .WithProtocolVersion(MqttProtocolVersion.V500)
            .WithTimeout(Deadline.ForPackets)
            .WithEnhancedAuthentication(ScramClient.Method, scram.First)
            .WithEnhancedAuthenticationHandler(new Handler(scram))
            .Build());

        answer.ResultCode.Should().Be(MqttClientConnectResultCode.Success);
        answer.AuthenticationMethod.Should().Be(ScramClient.Method);
        scram.Check(answer.AuthenticationData);
        (await client.PublishStringAsync(Unique.Name("mqttnet/auth"), "x", MQTTnet.Protocol.MqttQualityOfServiceLevel.AtLeastOnce)).IsSuccess.Should().BeTrue();
        await client.DisconnectAsync();
    }

    private sealed class Handler(ScramClient scram) : IMqttEnhancedAuthenticationHandler
    {
        public Task HandleEnhancedAuthenticationAsync(MqttEnhancedAuthenticationEventArgs eventArgs) => eventArgs.SendAsync(
            new SendMqttEnhancedAuthenticationDataOptions { Data = scram.Final(eventArgs.AuthenticationData) }, eventArgs.CancellationToken);
    }
}
