using System.Net.Sockets;
using Broker.Node.Hosting;

namespace Broker.Specs.Node.Hosting;

public sealed class StartProblemSpecs
{
    [Theory]
    [InlineData(SocketError.AddressAlreadyInUse, "mqtt.listeners.tcp.port: another program listens on 0.0.0.0:1883 already.")]
    [InlineData(SocketError.AccessDenied, "mqtt.listeners.tcp.port: this user may not listen on 0.0.0.0:1883.")]
    [InlineData(SocketError.AddressNotAvailable, "mqtt.listeners.tcp.host: 0.0.0.0:1883 is no address of this machine.")]
    [InlineData(SocketError.Fault, "mqtt.listeners.tcp: cannot listen on 0.0.0.0:1883 (Fault).")]
    public void Why_an_address_cannot_be_listened_on_names_the_key(SocketError cause, string line) =>
        StartProblem.Listen("mqtt.listeners.tcp", "0.0.0.0:1883", cause).Should().StartWith(line);

    [Fact]
    public void A_fault_of_the_program_keeps_its_stack_trace()
    {
        StartProblem.Explain(new InvalidOperationException("bug")).Should().BeNull();
        StartProblem.Explain(new AggregateException(new StartException("known"))).Should().Be("known");
    }
}
