using System.Buffers;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Bench.Codec;
using Broker.Bench.Routing;
using Broker.Protocol.Codec;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Support;

namespace Broker.Bench.Gate;

/// <summary>What each message passes through: codec, match, in-flight window, delivery.</summary>
internal static class Measurements
{
    private const int Runs = 2_000;
    private const int Subscriptions = 10_000;

    public static IEnumerable<Measurement> All() => [.. Codec(), .. Matching(), Window(), .. Delivery()];

    private static IEnumerable<Measurement> Codec()
    {
        foreach (MessageKind kind in Enum.GetValues<MessageKind>())
        {
            var decoding = new PublishDecoding { Kind = kind, Payload = 64 };
            var encoding = new PublishEncoding { Kind = kind, Payload = 64 };
            decoding.Setup();
            encoding.Setup();
            yield return new($"decode PUBLISH, {kind}", () => Each(() => decoding.Decode()));
            yield return new($"encode PUBLISH, {kind}", () => Each(() => encoding.Encode()));
        }

        yield return new("encode PUBACK", () =>
        {
            var output = new ArrayBufferWriter<byte>(64);
            var packet = new PubAckPacket { PacketId = 1 };
            return Each(() =>
            {
                output.ResetWrittenCount();
                PacketEncoder.Write(output, packet, ProtocolVersion.V5);
            });
        });
    }

    private static IEnumerable<Measurement> Matching()
    {
        var tree = new SubscriptionTree();
        string[] topics = FilterMix.Topics(1_000, 1_024);
        string[] unknown = [.. topics.Select(topic => topic + "/nobody")];
        FilterMix.Fill(tree, FilterMix.Filters(FilterShape.Mixed, Subscriptions), [.. Enumerable.Range(0, Subscriptions).Select(_ => new OnlineSubscriber())]);
        int next = 0;
        yield return new("match a topic", () => Each(() => tree.Match(topics[++next % topics.Length])));
        yield return new("match a topic that nobody wants", () => Each(() => tree.Match(unknown[++next % unknown.Length])));
        SharedGroup group = tree.Match(topics[0]).Groups[0];
        yield return new("pick a member of a share", () => Each(() => group.TryPick(out _)));
    }

    private static Measurement Window()
    {
        var window = new InflightWindow<object>(1_024);
        object item = new();
        return new("QoS 1 through the in-flight window", () => Each(() => window.PubAck(window.Add(item, QualityOfService.AtLeastOnce), out _)));
    }

    private static IEnumerable<Measurement> Delivery()
    {
        foreach (int subscribers in (int[])[1, 50])
        {
            yield return new($"deliver QoS 0 to {subscribers}", () => Deliver(subscribers, QualityOfService.AtMostOnce));
            yield return new($"deliver QoS 1 to {subscribers}", () => Deliver(subscribers, QualityOfService.AtLeastOnce));
        }
    }

    // From the packet to the subscribers' outputs; what the fake channels keep of it is not counted.
    private static double Deliver(int subscribers, QualityOfService qos)
    {
        var broker = new TestBroker();
        FakeChannel publisher = broker.Connect("p");
        for (int i = 0; i < subscribers; i++)
        {
            broker.Subscribe(broker.Connect($"s{i}"), "t");
        }

        var packet = new PublishPacket { Topic = "t", Payload = new byte[64], QoS = qos, PacketId = (ushort)(qos == QualityOfService.AtMostOnce ? 0 : 1) };
        return Allocations.Least(() =>
        {
            long allocated = 0;
            for (int i = 0; i < Runs; i++)
            {
                long before = GC.GetAllocatedBytesForCurrentThread();
                publisher.Handler.OnPacket(packet);
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                broker.Run();
            }

            return allocated;
        }) / (double)Runs;
    }

    private static double Each(Action operation) => Allocations.Of(Runs, operation) / (double)Runs;
}
