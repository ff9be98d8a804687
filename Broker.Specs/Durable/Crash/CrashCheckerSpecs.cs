using Broker.Protocol.Packets;

namespace Broker.Specs.Durable.Crash;

/// <summary>The check of the crash campaigns can fail: records that were doctored are found out.</summary>
public class CrashCheckerSpecs
{
    private const string Twice = "t/2";
    private const string Once = "t/1";

    private readonly CrashRecord _record = new();

    [Fact]
    public void Accepts_what_came_once_and_in_order()
    {
        Given(Twice, QualityOfService.ExactlyOnce, 3, 1, 2, 3);

        CrashChecker.Check(_record).Should().BeEmpty();
        _record.IsComplete().Should().BeTrue();
    }

    [Fact]
    public void Accepts_repetitions_at_QoS_1()
    {
        Given(Once, QualityOfService.AtLeastOnce, 4, 1, 2, 3, 2, 3, 4);

        CrashChecker.Check(_record).Should().BeEmpty();
    }

    [Fact]
    public void Accepts_that_a_message_nobody_answered_for_is_gone()
    {
        Given(Twice, QualityOfService.ExactlyOnce, 2, 1, 2);
        _record.Publish(Twice, QualityOfService.ExactlyOnce);

        CrashChecker.Check(_record).Should().BeEmpty();
    }

    [Fact]
    public void Finds_a_lost_message()
    {
        Given(Once, QualityOfService.AtLeastOnce, 3, 1, 3);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().Contain("2 was acknowledged and is lost");
        _record.IsComplete().Should().BeFalse();
    }

    [Fact]
    public void Says_of_lost_messages_where_they_are_missing()
    {
        Given(Once, QualityOfService.AtLeastOnce, 9, 1, 5, 7);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().Contain(": 2-4, 6, 8-9 was acknowledged and is lost (6 of 9)");
    }

    [Fact]
    public void Finds_a_reader_that_received_nothing()
    {
        Given(Once, QualityOfService.AtLeastOnce, 1, 1);
        _record.AddReader("other", QualityOfService.AtLeastOnce);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().StartWith("other");
    }

    [Fact]
    public void Finds_a_message_that_came_twice_at_QoS_2()
    {
        Given(Twice, QualityOfService.ExactlyOnce, 2, 1, 2, 2);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().Contain("2 came twice");
    }

    [Fact]
    public void Finds_a_message_behind_a_later_one()
    {
        Given(Once, QualityOfService.AtLeastOnce, 3, 1, 3, 2);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().Contain("2 came behind 3");
    }

    [Fact]
    public void Finds_a_message_that_nobody_published()
    {
        Given(Once, QualityOfService.AtLeastOnce, 1, 1, 2);

        CrashChecker.Check(_record).Should().ContainSingle().Which.Should().Contain("2 was never published");
    }

    [Fact]
    public void Finds_what_a_client_reported()
    {
        _record.Report("the session was gone");

        CrashChecker.Check(_record).Should().ContainSingle();
    }

    private void Given(string topic, QualityOfService qos, int acknowledged, params int[] received)
    {
        _record.AddReader("reader", qos);
        for (var number = 1; number <= acknowledged; number++)
        {
            _record.Publish(topic, qos);
            _record.Acknowledge(topic, number);
        }

        foreach (var number in received)
        {
            _record.Receive("reader", topic, number);
        }
    }
}
