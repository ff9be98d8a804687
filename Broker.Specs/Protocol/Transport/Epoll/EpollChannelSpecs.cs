using System.Net.Sockets;
using Broker.Protocol.Transport;

namespace Broker.Specs.Protocol.Transport.Epoll;

public sealed class EpollChannelSpecs
{
    [Fact]
    public async Task A_loop_that_ends_closes_what_is_open_on_it()
    {
        await using TestServer server = await TestServer.StartAsync(transport: TransportKind.Epoll, eventLoops: 3);
        (Socket Client, RecordingHandler Server)[] open = [.. Enumerable.Range(0, 12).Select(_ => server.Connect())];

        await server.Transport.EventLoops.ShutdownGracefullyAsync(TimeSpan.Zero, TimeSpan.FromSeconds(5)).WaitAsync(RecordingHandler.Patience);

        foreach ((Socket client, RecordingHandler handler) in open)
        {
            client.ReadToEnd().Should().BeEmpty();
            handler.WaitUntil(h => h.Count("closed") == 1);
        }

        server.Transport.ConnectionCount.Should().Be(0);
    }

    [Fact]
    public async Task Connections_are_spread_over_the_loops()
    {
        await using TestServer server = await TestServer.StartAsync(transport: TransportKind.Epoll, eventLoops: 3);

        var loops = Enumerable.Range(0, 12).Select(_ => server.Connect().Server.Channel.EventLoop).ToArray();

        loops.GroupBy(loop => loop).Select(loop => loop.Count()).Should().Equal(4, 4, 4);
    }
}
