using System.Text.Json;
using Broker.Node.Azure;

namespace Broker.Specs.Node.Azure;

public sealed class MaintenancePlanSpecs
{
    private static readonly DateTimeOffset Now = new(2026, 11, 27, 10, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_services_own_words_are_read()
    {
        const string Document = """
            {"DocumentIncarnation":3,"Events":[{"EventId":"C7061BAC-AFDC-4513-B24B-AA5F13A16123","EventStatus":"Scheduled","EventType":"Freeze","ResourceType":"VirtualMachine",
            "Resources":["WestNO_0","WestNO_1"],"NotBefore":"Fri, 27 Nov 2026 10:15:00 GMT","Description":"Virtual machine is being paused because of a memory-preserving Live Migration operation.",
            "EventSource":"Platform","DurationInSeconds":5}]}
            """;

        var one = JsonSerializer.Deserialize(Document, AzureJson.Default.ScheduledEvents)!.Events.Single();

        (one.EventId, one.EventType, one.EventStatus).Should().Be(("C7061BAC-AFDC-4513-B24B-AA5F13A16123", "Freeze", "Scheduled"));
        one.Until(Now).Should().Be(TimeSpan.FromMinutes(15));
        one.Until(Now.AddHours(1)).Should().Be(TimeSpan.Zero);
        (one.Concerns("westno_1"), one.Concerns("WestNO_2")).Should().Be((true, false));
        JsonSerializer.Serialize(new StartRequests([new StartRequest(one.EventId)]), AzureJson.Default.StartRequests)
            .Should().Be("""{"StartRequests":[{"EventId":"C7061BAC-AFDC-4513-B24B-AA5F13A16123"}]}""");
    }

    [Theory]
    [InlineData("Terminate", true, false)]
    [InlineData("Preempt", true, false)]
    [InlineData("Redeploy", true, false)]
    [InlineData("Reboot", true, false)]
    [InlineData("Freeze", false, true)]
    [InlineData("SomethingNew", false, false)]
    public void Each_kind_has_its_answer(string type, bool leaves, bool turnsAway)
    {
        var plan = Plan(Event(type, minutes: 10, "me"));

        (plan.Leave is not null, plan.TurnAway is not null).Should().Be((leaves, turnsAway));
        Plan(Event(type, minutes: 10, "another")).Should().Be(default(MaintenancePlan));
    }

    [Fact]
    public void Of_several_the_first_to_come_counts() =>
        Plan(Event("Reboot", 15, "me"), Event("Terminate", 5, "me"), Event("Redeploy", 1, "another")).Leave!.EventType.Should().Be("Terminate");

    [Fact]
    public void Only_what_concerns_this_machine_alone_is_approved()
    {
        MaintenancePlan.MayApprove(Event("Reboot", 15, "me")).Should().BeTrue();
        MaintenancePlan.MayApprove(Event("Reboot", 15, "me", "another")).Should().BeFalse();
        MaintenancePlan.MayApprove(Event("Reboot", 15, "me") with { EventStatus = "Started" }).Should().BeFalse("it has begun");
    }

    private static MaintenancePlan Plan(params ScheduledEvent[] events) => MaintenancePlan.For(new ScheduledEvents { Events = events }, "me", Now);

    private static ScheduledEvent Event(string type, int minutes, params string[] machines) => new()
    {
        EventId = type,
        EventType = type,
        EventStatus = "Scheduled",
        Resources = machines,
        NotBefore = Now.AddMinutes(minutes).ToString("R"),
    };
}
