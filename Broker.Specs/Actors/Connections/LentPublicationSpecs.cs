using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Connections;

/// <summary>A QoS 0 message that is its loop's again once it has been routed: what holds it longer has it as it was.</summary>
public class LentPublicationSpecs
{
    [Fact]
    public void What_waits_for_a_slow_reader_is_not_what_came_after_it()
    {
        var broker = new TestBroker();
        var (publisher, subscriber) = (broker.Connect("p"), broker.Connect("s"));
        broker.Subscribe(subscriber, "t/#");
        subscriber.IsWritable = false;
        publisher.Send(Packets.Publish("t/1", "first"), Packets.Publish("t/2", "second"));
        publisher.Send(Packets.Publish("u", "nobody's"), Packets.Publish("t/3", "third"));
        broker.Run();

        subscriber.BecomeWritable();
        broker.Run();

        subscriber.Payloads().Should().Equal("first", "second", "third");
    }

    [Fact]
    public void What_goes_to_another_loop_is_not_what_came_after_it()
    {
        var broker = new TestBroker(loops: 2);
        var (publisher, subscriber) = (broker.Connect("p", loop: 0), broker.Connect("s", loop: 1));
        broker.Subscribe(subscriber, "t/#");
        publisher.Send(Packets.Publish("t/1", "first"), Packets.Publish("t/2", "second"), Packets.Publish("u", "nobody's"));
        broker.Run();

        subscriber.Payloads().Should().Equal("first", "second");
    }

    [Fact]
    public void What_is_retained_is_not_what_came_after_it()
    {
        var broker = new TestBroker();
        broker.Connect("p").Send(Packets.Publish("t", "kept", retain: true), Packets.Publish("t", "passed on"));
        broker.Run();

        broker.RetainedWrites.Should().ContainSingle().Which.Publication.Payload.ToArray().Should().Equal("kept"u8.ToArray());
    }

    [Fact]
    public void Each_of_many_subscribers_gets_its_own_message()
    {
        var broker = new TestBroker();
        var publisher = broker.Connect("p");
        var subscribers = Enumerable.Range(0, 3).Select(number => broker.Connect($"s{number}")).ToArray();
        foreach (var subscriber in subscribers)
        {
            broker.Subscribe(subscriber, "t");
        }

        publisher.Send(Packets.Publish("t", "first"), Packets.Publish("t", "second"));
        broker.Run();

        subscribers.Should().AllSatisfy(subscriber => subscriber.Payloads().Should().Equal("first", "second"));
    }
}
