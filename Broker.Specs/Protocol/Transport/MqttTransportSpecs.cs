using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Protocol.Transport;

public sealed class MqttTransportSpecs
{
    [Fact]
    public async Task An_address_in_use_is_told_by_its_key_before_anything_is_open()
    {
        using var holder = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        holder.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        holder.Listen();
        int port = ((IPEndPoint)holder.LocalEndPoint!).Port;

        Func<Task> bind = () => BindAsync(
            TestServer.Tcp with { Name = "first" },
            TestServer.Tcp with { Name = "second", Port = port });

        (await bind.Should().ThrowAsync<ListenerException>()).Which.Message.Should()
            .StartWith($"mqtt.listeners.second.port = {port}: ").And.Contain("another process listens").And.Contain("set another port");
    }

    [Theory]
    [InlineData("192.0.2.1", "no network interface")]
    [InlineData("no-such-host.invalid", "does not resolve")]
    public async Task A_host_that_is_not_here_is_told_by_its_key(string host, string problem)
    {
        Func<Task> bind = () => BindAsync(TestServer.Tcp with { Host = host });

        (await bind.Should().ThrowAsync<ListenerException>()).Which.Message.Should()
            .StartWith($"mqtt.listeners.tcp.host = \"{host}\": ").And.Contain(problem);
    }

    [Fact]
    public async Task Only_enabled_TCP_and_TLS_listeners_are_opened()
    {
        await using MqttTransport transport = await BindAsync(
            TestServer.Tcp,
            TestServer.Tcp with { Name = "off", Enabled = false },
            TestServer.Tcp with { Name = "ws", Type = ListenerType.Ws });

        transport.Listeners.Select(l => l.Options.Name).Should().Equal("tcp");
        ((IPEndPoint)transport.Listeners[0].Address).Port.Should().BePositive();
    }

    [Fact]
    public async Task Connections_are_refused_between_binding_and_accepting()
    {
        await using MqttTransport transport = await BindAsync(TestServer.Tcp);
        EndPoint address = transport.Listeners[0].Address;

        Connecting(address).Should().Throw<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
        transport.StartAccepting();
        Connecting(address).Should().NotThrow();
    }

    [Fact]
    public async Task One_that_was_taken_between_binding_and_accepting_is_told()
    {
        await using MqttTransport first = await BindAsync(TestServer.Tcp);
        int port = ((IPEndPoint)first.Listeners[0].Address).Port;
        await using MqttTransport second = await BindAsync(TestServer.Tcp with { Port = port });
        first.StartAccepting();

        second.Invoking(t => t.StartAccepting()).Should().Throw<ListenerException>().WithMessage($"*port = {port}*");
    }

    [Fact]
    public async Task A_port_can_be_bound_again_as_soon_as_it_was_stopped()
    {
        int port;
        await using (MqttTransport first = await BindAsync(TestServer.Tcp))
        {
            first.StartAccepting();
            port = ((IPEndPoint)first.Listeners[0].Address).Port;
            Connecting(first.Listeners[0].Address).Should().NotThrow();
        }

        await using MqttTransport second = await BindAsync(TestServer.Tcp with { Port = port });
        second.Invoking(t => t.StartAccepting()).Should().NotThrow();
    }

    [Fact]
    public async Task An_IPv4_client_of_a_listener_for_all_addresses_is_seen_by_its_IPv4_address()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { Host = "::" });
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        client.Connect(new IPEndPoint(IPAddress.Loopback, server.Address.Port));

        server.NextConnection().Channel.RemoteAddress.Should().Be(client.LocalEndPoint);
    }

    [Fact]
    public async Task There_are_as_many_event_loops_as_configured_and_one_for_each_core_otherwise()
    {
        await using MqttTransport three = await MqttTransport.BindAsync(
            [], new TransportOptions { EventLoops = 3 }, new NoHandlers(), NullLoggerFactory.Instance, TimeProvider.System);
        await using MqttTransport cores = await BindAsync();

        three.EventLoops.Items.Should().HaveCount(3);
        cores.EventLoops.Items.Should().HaveCount(Math.Max(1, Environment.ProcessorCount / 2));
    }

    private static Action Connecting(EndPoint address) => () =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(address);
    };

    private static Task<MqttTransport> BindAsync(params ListenerOptions[] listeners) => MqttTransport.BindAsync(
        listeners, new TransportOptions(), new NoHandlers(), NullLoggerFactory.Instance, TimeProvider.System);

    private sealed class NoHandlers : IMqttChannelHandlerFactory
    {
        public IMqttChannelHandler? Create(IMqttChannel channel) => null;
    }
}
