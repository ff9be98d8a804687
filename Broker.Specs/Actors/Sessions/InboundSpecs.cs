using Akka.Actor;
using Broker.Actors.Connections;
using Broker.Actors.Retained;
using Broker.Actors.Routing;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;

namespace Broker.Specs.Actors.Sessions;

/// <summary>A durable client's own QoS 2 publishes (hard case 4), and its subscriptions.</summary>
public class InboundSpecs : SessionSpecsBase
{
    [Fact]
    public void A_resent_PUBLISH_keeps_its_identity_until_it_is_released_also_on_another_connection()
    {
        StartConnected(1);
        var first = Number(1, 5);
        Number(1, 6).Id.Number.Should().BeGreaterThan(first.Id.Number);
        Close(1);
        Connect(2);
        Bound(2);

        var again = Number(2, 5);
        (again.Id, again.AlreadyRouted).Should().Be((first.Id, false));

        Entity.Tell(new SessionProtocol.InboundRouted("c", 2, 5));
        Number(2, 5).AlreadyRouted.Should().BeTrue();
        Release(2, 5).Should().BeTrue();
        Release(2, 5).Should().BeFalse();
        Number(2, 5).Id.Should().NotBe(first.Id);
    }

    [Fact]
    public void Each_message_carries_the_lowest_number_that_is_not_released()
    {
        StartConnected(1);
        Number(1, 1).LowestUnreleased.Should().Be(1);
        Number(1, 2).LowestUnreleased.Should().Be(1);
        Release(1, 1);
        Number(1, 3).LowestUnreleased.Should().Be(2);
        Entity.Tell(new SessionProtocol.ForgetInbound("c", 1, 2));
        Number(1, 4).LowestUnreleased.Should().Be(3);
    }

    [Fact]
    public void Another_session_of_the_same_client_id_has_identities_of_its_own()
    {
        StartConnected(1);
        var before = Number(1, 1).Id;
        Close(1);
        Connect(2, clean: true);
        Bound(2);
        Number(2, 1).Id.Origin.Should().NotBe(before.Origin);
    }

    [Fact]
    public void SUBSCRIBE_routes_and_sends_what_is_retained_and_UNSUBSCRIBE_ends_it()
    {
        Copy.Apply(new RetainedMessage(Packets.Message("a/b", "kept", QualityOfService.AtLeastOnce), 0, 0));
        Copy.Apply(new RetainedMessage(Packets.Message("a/c", "zero"), 0, 0));
        StartConnected(1);

        Entity.Tell(new SessionProtocol.Subscribe("c", 1, 3, [Given.Subscription("a/#", identifier: 4)]));

        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2);
        Told<ConnectionProtocol.Unnumbered>(1).Items.Should().ContainSingle();
        var queued = Told<ConnectionProtocol.Deliveries>(1).Items.Should().ContainSingle().Which.Delivery;
        (queued.Publication.Text(), queued.Retain, queued.QoS).Should().Be(("kept", true, QualityOfService.AtLeastOnce));
        queued.SubscriptionIdentifiers.Should().Equal(4);
        Routes.Tree.Count.Should().Be(1);

        Entity.Tell(new SessionProtocol.Unsubscribe("c", 1, 4, ["a/#", "x"]));
        Told<ConnectionProtocol.Unsubscribed>(1).ReasonCodes.Should().Equal(ReasonCode.Success, ReasonCode.NoSubscriptionExisted);
        Routes.Tree.Count.Should().Be(0);
    }

    [Fact]
    public void Retained_messages_wait_until_the_copy_has_every_write_from_before()
    {
        StartConnected(1);
        var message = Packets.Message("t", "late", QualityOfService.AtLeastOnce, retain: true);
        var number = Retained.Begin(message);
        Entity.Tell(new SessionProtocol.Subscribe("c", 1, 3, [Given.Subscription("t")]));
        Told<ConnectionProtocol.Subscribed>(1);
        NothingIsTold();

        Copy.Apply(new RetainedMessage(message, 1, number));
        Retained.Complete(number, DeliveryOutcome.Accepted);

        Deliveries().Should().ContainSingle().Which.Payload.Should().Be("late");
    }

    [Fact]
    public void A_client_at_its_limit_of_subscriptions_may_make_those_again_that_it_has()
    {
        Limits = new() { MaxSubscriptions = 2 };
        StartConnected(1);
        Entity.Tell(new SessionProtocol.Subscribe("c", 1, 1, [Given.Subscription("a"), Given.Subscription("b"), Given.Subscription("c")]));
        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(
            ReasonCode.GrantedQoS2, ReasonCode.GrantedQoS2, ReasonCode.QuotaExceeded);

        Entity.Tell(new SessionProtocol.Subscribe("c", 1, 2, [Given.Subscription("b"), Given.Subscription("a")]));
        Told<ConnectionProtocol.Subscribed>(1).ReasonCodes.Should().Equal(ReasonCode.GrantedQoS2, ReasonCode.GrantedQoS2);
    }

    [Fact]
    public void The_members_picked_for_a_publish_stay_over_a_crash_until_they_are_renewed()
    {
        StartConnected(1);
        byte[] first = [1], second = [2], third = [3];
        Number(1, 5, first).Picks.Should().Equal(first);
        Number(1, 5, second).Picks.Should().Equal(first);
        Restart();
        Connect(2);
        Bound(2);

        Number(2, 5, second).Picks.Should().Equal(first);
        Number(2, 5, third, renews: true).Picks.Should().Equal(third);
        Restart();
        Connect(3);
        Bound(3);
        Number(3, 5, first).Picks.Should().Equal(third);
    }

    [Fact]
    public void Picks_of_a_group_that_was_not_there_at_first_are_kept_too()
    {
        StartConnected(1);
        Number(1, 5).Picks.Should().BeNull();

        Number(1, 5, [1]).Picks.Should().Equal(1);
        Number(1, 5, [2]).Picks.Should().Equal(1);
    }

    private ConnectionProtocol.InboundNumbered Number(long connection, ushort packetId, byte[]? picks = null, bool renews = false)
    {
        Entity.Tell(new SessionProtocol.NumberInbound("c", connection, packetId, picks, renews));
        return Told<ConnectionProtocol.InboundNumbered>(connection);
    }

    private bool Release(long connection, ushort packetId)
    {
        Entity.Tell(new SessionProtocol.ReleaseInbound("c", connection, packetId));
        return Told<ConnectionProtocol.InboundReleased>(connection).WasKnown;
    }
}
