using Akka.Actor;
using Broker.Actors.Security;
using Broker.Actors.Sessions;
using Broker.Protocol.Packets;
using Broker.Specs.Actors.Connections;
using Broker.Specs.Actors.Security;

namespace Broker.Specs.Actors.Sessions;

/// <summary>When a will is published, and when not (sections 3.1.2.5, 3.1.3.2.2).</summary>
public class WillSpecs : SessionSpecsBase
{
    [Fact]
    public void A_connection_that_breaks_leaves_its_will()
    {
        StartConnected(will: new WillMessage
        {
            Topic = "w",
            Payload = "gone"u8.ToArray(),
            QoS = QualityOfService.AtLeastOnce,
            Retain = true,
            Properties = new PublishProperties { MessageExpiryInterval = 5, ContentType = "text" },
        });
        Close(1);

        var will = Published.Should().ContainSingle().Which;
        (will.Topic, will.Text(), will.QoS, will.Retain).Should().Be(("w", "gone", QualityOfService.AtLeastOnce, true));
        will.ClientId.Should().Be("c", "No Local holds for wills too");
        will.Properties!.ContentType.Should().Be("text");
        will.RemainingExpiry(Time.GetUtcNow().ToUnixTimeMilliseconds()).Should().Be(5);
    }

    [Fact]
    public void DISCONNECT_discards_it()
    {
        StartConnected(will: Will());
        Close(1, discardWill: true);
        Pass(TimeSpan.FromHours(2));
        Published.Should().BeEmpty();
    }

    [Fact]
    public void A_delayed_will_waits_and_is_published_once()
    {
        StartConnected(will: Will(delay: 10));
        Close(1);
        Pass(TimeSpan.FromSeconds(9));
        Published.Should().BeEmpty();
        Pass(TimeSpan.FromSeconds(1));
        Published.Should().ContainSingle();
        Pass(TimeSpan.FromHours(2));
        Published.Should().ContainSingle("the end of the session sends no second one");
    }

    [Fact]
    public void Coming_back_in_time_cancels_it()
    {
        StartConnected(will: Will(delay: 10));
        Close(1);
        Pass(TimeSpan.FromSeconds(5));
        Connect(2);
        Pass(TimeSpan.FromMinutes(5));
        Published.Should().BeEmpty();
    }

    [Fact]
    public void The_will_of_the_new_connection_counts_after_a_resumption()
    {
        StartConnected(will: Will(delay: 10));
        Close(1);
        Connect(2, will: new WillMessage { Topic = "second", Payload = default });
        Close(2);
        Published.Should().ContainSingle().Which.Topic.Should().Be("second");
    }

    [Fact]
    public void The_end_of_the_session_comes_before_a_longer_delay()
    {
        StartConnected(expiry: 5, will: Will(delay: 600));
        Close(1);
        Pass(TimeSpan.FromSeconds(5));
        Published.Should().ContainSingle();
    }

    [Fact]
    public void A_session_that_ends_with_its_connection_does_not_delay_its_will()
    {
        StartConnected(expiry: 0, will: Will(delay: 600));
        Close(1);
        Published.Should().ContainSingle();
    }

    [Fact]
    public void An_expiry_of_zero_at_DISCONNECT_makes_it_due()
    {
        StartConnected(will: Will(delay: 600));
        Close(1, expiry: 0);
        Published.Should().ContainSingle();
    }

    [Fact]
    public void Clean_Start_ends_the_session_and_so_sends_it()
    {
        StartConnected(will: Will(delay: 600));
        Close(1);
        Connect(2, clean: true);
        Published.Should().ContainSingle();
    }

    [Theory]
    [InlineData(0u, 1)]
    [InlineData(10u, 0)]
    public void A_take_over_sends_it_unless_it_is_delayed_and_the_session_goes_on(uint delay, int expected)
    {
        StartConnected(will: Will(delay));
        Connect(2);
        Close(1);
        Pass(TimeSpan.FromMinutes(1));
        Published.Should().HaveCount(expected);
    }

    [Fact]
    public void A_delay_of_a_century_ends_with_the_session_also_where_nobody_holds_it()
    {
        StartConnected(expiry: 30 * 24 * 3_600, will: Will(uint.MaxValue));
        Close(1);
        Pass(TimeSpan.FromHours(1));
        Crash();
        Pass(TimeSpan.FromDays(30));
        Published.Should().BeEmpty();

        Start();
        Entity.Tell(new SessionProtocol.Wake(ClientId));

        AwaitCondition(() => Services.DurableSessionCount == 0, Deadline, Poll);
        Published.Should().ContainSingle();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_right_that_is_withdrawn_meanwhile_stops_it_also_after_a_restart(bool isLoadedAgain)
    {
        Access = new AccessControl(AccessPolicySpecs.Policy(false, "allow publish user alice w"), isOpen: false);
        Start();
        Connect(1, will: Will(delay: 10), willAuthor: new ClientIdentity(ClientId, "alice", ["operator"]));
        Bound(1);
        Close(1);
        if (isLoadedAgain)
        {
            Restart();
        }

        Access.Replace(AccessPolicySpecs.Policy(false, "allow publish user bob w"));
        Pass(TimeSpan.FromSeconds(11));

        Published.Should().BeEmpty();
        Store.WillOf(ClientId).Should().BeNull("it is not due any more");
    }

    [Fact]
    public void Whose_it_is_is_known_when_it_is_due()
    {
        Access = new AccessControl(AccessPolicySpecs.Policy(false, "allow publish role operator w"), isOpen: false);
        Start();
        Connect(1, will: Will(), willAuthor: new ClientIdentity(ClientId, "alice", ["operator"]));
        Bound(1);
        Close(1);

        Published.Should().ContainSingle();
    }

    private static WillMessage Will(uint delay = 0) => new() { Topic = "w", Payload = default, DelayInterval = delay };
}
