using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Serialization;
using Akka.TestKit.Xunit2;
using Broker.Actors.Routing;
using Broker.Actors.Sessions.Journal;
using Broker.Protocol.Packets;

namespace Broker.Specs.Actors.Sessions.Journal;

/// <summary>What is in journals today must be readable by every later version.</summary>
public class SessionEventSerializerSpecs() : TestKit(SessionEventSerializer.Hocon)
{
    private static readonly JournaledSubscription Plain = new("a/b", new SubscriptionOptions(QualityOfService.AtLeastOnce));

    private static readonly JournaledSubscription Full = new(
        "$share/g/ü/#", new SubscriptionOptions(QualityOfService.ExactlyOnce, NoLocal: true, RetainAsPublished: true, SubscriptionIdentifier: 268_435_455));

    private static readonly (object Value, string Manifest, string Json)[] Examples =
    [
        (new SessionEvent.Subscribed([Plain, Full]),
            "subscribed-1",
            """{"Subscriptions":[{"Filter":"a/b","Options":{"QoS":1,"NoLocal":false,"RetainAsPublished":false,"SubscriptionIdentifier":0}},{"Filter":"$share/g/\u00FC/#","Options":{"QoS":2,"NoLocal":true,"RetainAsPublished":true,"SubscriptionIdentifier":268435455}}]}"""),
        (new SessionEvent.Unsubscribed(["a/b", "c"]), "unsubscribed-1", """{"Filters":["a/b","c"]}"""),
        (new SessionSnapshot([Plain]),
            "subscriptions-1",
            """{"Subscriptions":[{"Filter":"a/b","Options":{"QoS":1,"NoLocal":false,"RetainAsPublished":false,"SubscriptionIdentifier":0}}]}"""),
    ];

    private SerializerWithStringManifest Serializer => (SerializerWithStringManifest)Sys.Serialization.FindSerializerForType(typeof(SessionSnapshot));

    [Fact]
    public void Each_event_is_written_with_these_bytes_and_read_from_them()
    {
        Serializer.Identifier.Should().Be(88_101);
        foreach (var (value, manifest, json) in Examples)
        {
            Sys.Serialization.FindSerializerFor(value).Should().BeSameAs(Serializer);
            Serializer.Manifest(value).Should().Be(manifest);
            Encoding.UTF8.GetString(Serializer.ToBinary(value)).Should().Be(json);
            var read = Serializer.FromBinary(Encoding.UTF8.GetBytes(json), manifest);
            read.Should().BeOfType(value.GetType()).And.BeEquivalentTo(value, options => options.RespectingRuntimeTypes());
        }
    }

    [Fact]
    public void Fields_that_a_later_version_added_are_passed_over_and_missing_ones_have_their_defaults()
    {
        var json = """{"Later":1,"Subscriptions":[{"Filter":"a/b","Later":[2],"Options":{"QoS":1}}]}""";
        Serializer.FromBinary(Encoding.UTF8.GetBytes(json), "subscribed-1").Should().BeEquivalentTo(new SessionEvent.Subscribed([Plain]));
    }

    [Fact]
    public void What_a_newer_version_has_written_is_told_so() =>
        Serializer.Invoking(serializer => serializer.FromBinary([], "subscribed-2")).Should().Throw<SerializationException>().WithMessage("*\"subscribed-2\"*newer*");

    [Fact]
    public void Nothing_else_is_serialized()
    {
        Serializer.Invoking(serializer => serializer.Manifest("text")).Should().Throw<ArgumentException>();
        Serializer.Invoking(serializer => serializer.ToBinary("text")).Should().Throw<ArgumentException>();
    }
}
