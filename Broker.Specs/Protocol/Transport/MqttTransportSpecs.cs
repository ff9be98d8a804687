using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Transport;
using Microsoft.Extensions.Logging.Abstractions;

namespace Broker.Specs.Protocol.Transport;

public abstract class MqttTransportSpecs(TransportKind transport)
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
    public async Task Only_enabled_listeners_are_opened()
    {
        await using MqttTransport server = await BindAsync(
            TestServer.Tcp,
            TestServer.Tcp with { Name = "off", Enabled = false },
            TestServer.Tcp with { Name = "ws", Type = ListenerType.Ws });

        server.Listeners.Select(l => l.Options.Name).Should().Equal("tcp", "ws");
        server.Listeners.Should().OnlyContain(listener => ((IPEndPoint)listener.Address).Port > 0);
    }

    [Theory]
    [InlineData(ListenerType.Tcp, true)]
    [InlineData(ListenerType.Tcp, false)]
    [InlineData(ListenerType.Ws, true)]
    [InlineData(ListenerType.Ws, false)]
    public async Task A_connection_is_kept_alive_where_its_listener_says_so(ListenerType type, bool on)
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { Type = type, TcpKeepAlive = on }, transport: transport);
        Socket client = server.ConnectSocket();

        // The kernel's own word: the timer of a connection that is kept alive runs (02), and not otherwise (00).
        ConnectionLine(client).Should().Contain(on ? " 02:" : " 00:");
    }

    [Fact]
    public async Task Connections_are_refused_between_binding_and_accepting()
    {
        await using MqttTransport server = await BindAsync(TestServer.Tcp);
        EndPoint address = server.Listeners[0].Address;

        Connecting(address).Should().Throw<SocketException>().Which.SocketErrorCode.Should().Be(SocketError.ConnectionRefused);
        await server.StartAcceptingAsync();
        Connecting(address).Should().NotThrow();
    }

    [Fact]
    public async Task One_that_was_taken_between_binding_and_accepting_is_told()
    {
        await using MqttTransport first = await BindAsync(TestServer.Tcp);
        int port = ((IPEndPoint)first.Listeners[0].Address).Port;
        await using MqttTransport second = await BindAsync(TestServer.Tcp with { Port = port });
        await first.StartAcceptingAsync();

        await second.Awaiting(t => t.StartAcceptingAsync()).Should().ThrowAsync<ListenerException>().WithMessage($"*port = {port}*");
    }

    [Fact]
    public async Task A_port_can_be_bound_again_as_soon_as_it_was_stopped()
    {
        int port;
        await using (MqttTransport first = await BindAsync(TestServer.Tcp))
        {
            await first.StartAcceptingAsync();
            port = ((IPEndPoint)first.Listeners[0].Address).Port;
            Connecting(first.Listeners[0].Address).Should().NotThrow();
        }

        await using MqttTransport second = await BindAsync(TestServer.Tcp with { Port = port });
        await second.Awaiting(t => t.StartAcceptingAsync()).Should().NotThrowAsync();
    }

    [Fact]
    public async Task An_IPv4_client_of_a_listener_for_all_addresses_is_seen_by_its_IPv4_address()
    {
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { Host = "::" }, transport: transport);
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

        client.Connect(new IPEndPoint(IPAddress.Loopback, server.Address.Port));

        server.NextConnection().Channel.RemoteAddress.Should().Be(client.LocalEndPoint);
    }

    [Fact]
    public async Task There_are_as_many_event_loops_as_configured_and_one_for_each_core_otherwise()
    {
        await using MqttTransport three = await MqttTransport.BindAsync(
            [], new TransportOptions { Transport = transport, EventLoops = 3 }, new NoHandlers(), NullLoggerFactory.Instance, TimeProvider.System);
        await using MqttTransport cores = await BindAsync();

        three.EventLoops.Items.Should().HaveCount(3);
        cores.EventLoops.Items.Should().HaveCount(Math.Max(1, Environment.ProcessorCount / 2));
    }

    // What /proc/net/tcp says of the server's side.
    private static string ConnectionLine(Socket client)
    {
        string remote = ":" + ((IPEndPoint)client.LocalEndPoint!).Port.ToString("X4", null);
        string local = ":" + ((IPEndPoint)client.RemoteEndPoint!).Port.ToString("X4", null);
        return File.ReadLines("/proc/net/tcp").Single(line =>
        {
            string[] fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            return fields[1].EndsWith(local, StringComparison.Ordinal) && fields[2].EndsWith(remote, StringComparison.Ordinal);
        });
    }

    private static Action Connecting(EndPoint address) => () =>
    {
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Connect(address);
    };

    private Task<MqttTransport> BindAsync(params ListenerOptions[] listeners) => MqttTransport.BindAsync(
        listeners, new TransportOptions { Transport = transport }, new NoHandlers(), NullLoggerFactory.Instance, TimeProvider.System);

    private sealed class NoHandlers : IMqttChannelHandlerFactory
    {
        public IMqttChannelHandler? Create(IMqttChannel channel) => null;
    }
}

public sealed class EpollTransportSpecs() : MqttTransportSpecs(TransportKind.Epoll);

public sealed class SocketsTransportSpecs() : MqttTransportSpecs(TransportKind.Sockets);
