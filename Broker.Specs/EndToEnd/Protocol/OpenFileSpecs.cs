using System.Net;
using System.Net.Sockets;
using Broker.Protocol.Packets;
using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Protocol;

public sealed class OpenFileSpecs
{
    [Theory]
    [InlineData("epoll")]
    [InlineData("sockets")]
    public async Task Out_of_open_files_it_waits_without_spinning_and_accepts_again_once_there_are_some(string transport)
    {
        await using var broker = await BrokerProcess.StartAsync($"mqtt.transport={transport}");
        await using var earlier = await RawClient.ConnectAsync(broker.Endpoint, new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "earlier" });
        DescriptorLimit.LeaveRoomFor(broker.ProcessId, 10);
        var start = TimeProvider.System.GetTimestamp();

        var crowd = Enumerable.Range(0, 40).Select(_ => new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)).ToArray();
        foreach (var client in crowd)
        {
            await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, broker.Endpoint.Port));
        }

        (await Eventually.HoldsAsync(() => Task.FromResult(Failures(broker) >= 4), Deadline.ForBrokers)).Should().BeTrue(broker.Endpoint.Transcript());
        TimeProvider.System.GetElapsedTime(start).Should().BeGreaterThan(TimeSpan.FromMilliseconds(550), "there is a pause of 200 ms after each");
        (await earlier.AnswersAsync()).Should().BeTrue("those that are connected are served");

        foreach (var client in crowd)
        {
            client.Dispose();
        }

        DescriptorLimit.Restore(broker.ProcessId);
        await using var later = await RawClient.ConnectAsync(broker.Endpoint, new ConnectPacket { Version = ProtocolVersion.V5, ClientId = "later" });
        (await later.AnswersAsync()).Should().BeTrue();
    }

    private static int Failures(BrokerProcess broker) => broker.Endpoint.Transcript().Split("could not accept a connection").Length - 1;
}
