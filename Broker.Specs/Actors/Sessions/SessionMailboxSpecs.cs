using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit.Xunit2;
using Broker.Actors.Sessions;
using Broker.Specs.Support;

namespace Broker.Specs.Actors.Sessions;

public sealed class SessionMailboxSpecs() : TestKit(SessionMailbox.Hocon)
{
    private readonly SessionMailbox.Messages _messages = new();

    [Fact]
    public void Messages_come_out_in_order_and_it_knows_how_many_are_left()
    {
        _messages.HasMessages.Should().BeFalse();
        _messages.TryDequeue(out _).Should().BeFalse();
        for (var i = 0; i < 100; i++)
        {
            _messages.Enqueue(TestActor, new Envelope(i, TestActor));
        }

        (_messages.HasMessages, _messages.Count).Should().Be((true, 100));
        for (var i = 0; i < 100; i++)
        {
            _messages.TryDequeue(out var envelope).Should().BeTrue();
            (envelope.Message, _messages.Count).Should().Be((i, 99 - i));
        }

        _messages.HasMessages.Should().BeFalse();
    }

    [Fact]
    public void An_actor_gets_all_that_many_threads_send_each_in_its_order()
    {
        const int threads = 8, each = 2_000;
        var forwarding = Sys.ActorOf(Props.Create(() => new Forwarding(TestActor)).WithMailbox(SessionMailbox.Id));

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, thread =>
        {
            for (var i = 0; i < each; i++)
            {
                forwarding.Tell((thread, i));
            }
        });

        var got = ReceiveN(threads * each).Cast<(int Thread, int Number)>().ToArray();
        got.GroupBy(static message => message.Thread).Should().HaveCount(threads)
            .And.AllSatisfy(static group => group.Select(static message => message.Number).Should().BeInAscendingOrder().And.HaveCount(each));
    }

    [Fact]
    public void What_is_left_when_the_actor_ends_is_a_dead_letter()
    {
        var deadLetters = new SessionMailbox.Messages();
        _messages.Enqueue(TestActor, new Envelope("left", TestActor));

        _messages.CleanUp(TestActor, deadLetters);

        _messages.HasMessages.Should().BeFalse();
        deadLetters.TryDequeue(out var envelope).Should().BeTrue();
        envelope.Message.Should().Be("left");
    }

    [Fact]
    public void With_what_a_connect_brings_it_takes_less_than_300_bytes() => Allocations.Of(1, () =>
    {
        var messages = new SessionMailbox.Messages();
        for (var i = 0; i < 4; i++)
        {
            messages.Enqueue(ActorRefs.Nobody, new Envelope("message", ActorRefs.NoSender));
        }
    }).Should().BeLessThan(300);

    private sealed class Forwarding : ReceiveActor
    {
        public Forwarding(IActorRef target) => ReceiveAny(target.Tell);
    }
}
