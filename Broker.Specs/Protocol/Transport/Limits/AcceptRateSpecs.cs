using System.Diagnostics;
using System.Net.Sockets;
using Broker.Protocol.Transport;
using Broker.Protocol.Transport.Limits;
using Microsoft.Extensions.Time.Testing;

namespace Broker.Specs.Protocol.Transport.Limits;

public sealed class AcceptRateSpecs
{
    [Fact]
    public void A_second_of_them_at_once_then_one_after_the_other()
    {
        var time = new FakeTimeProvider();
        AcceptRate rate = AcceptRate.For(TestServer.Tcp with { MaxConnectionRate = 10 }, time)!;

        for (int i = 0; i < 10; i++)
        {
            rate.TakeOrWait().Should().Be(TimeSpan.Zero);
        }

        rate.TakeOrWait().Should().Be(TimeSpan.FromMilliseconds(100));
        time.Advance(TimeSpan.FromMilliseconds(100));
        rate.TakeOrWait().Should().Be(TimeSpan.Zero);
        rate.TakeOrWait().Should().Be(TimeSpan.FromMilliseconds(100));
        rate.GiveBack();
        rate.TakeOrWait().Should().Be(TimeSpan.Zero, "nobody had come");
    }

    [Fact]
    public void Without_a_limit_there_is_nothing_to_ask() => AcceptRate.For(TestServer.Tcp, TimeProvider.System).Should().BeNull();

    [Theory]
    [InlineData(TransportKind.Epoll)]
    [InlineData(TransportKind.Sockets)]
    public async Task Who_comes_faster_waits_and_is_served_all_the_same(TransportKind transport)
    {
        const int PerSecond = 20;
        await using TestServer server = await TestServer.StartAsync(TestServer.Tcp with { MaxConnectionRate = PerSecond }, transport: transport);
        var elapsed = Stopwatch.StartNew();

        Socket[] clients = [.. Enumerable.Range(0, PerSecond + 10).Select(_ => server.ConnectSocket())];

        foreach (Socket client in clients)
        {
            client.Send(Wire.Connect);
            server.NextConnection().WaitUntil(handler => handler.Packets.Count == 1);
        }

        elapsed.Elapsed.Should().BeGreaterThan(TimeSpan.FromMilliseconds(450), "ten more than a second's worth take half a second");
    }
}
