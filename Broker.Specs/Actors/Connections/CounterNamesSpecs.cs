using Broker.Actors.Connections;
using Broker.Actors.Connections.Bans;

namespace Broker.Specs.Actors.Connections;

/// <summary>A value without a name would take its whole metric away.</summary>
public class CounterNamesSpecs
{
    [Fact]
    public void Every_reason_and_outcome_has_a_name_of_its_own()
    {
        Enum.GetValues<DropReason>().Select(static reason => reason.Name()).Should().OnlyHaveUniqueItems();
        Enum.GetValues<AuthenticationOutcome>().Select(static outcome => outcome.Name()).Should().OnlyHaveUniqueItems();
        Enum.GetValues<RefusalReason>().Select(static reason => reason.Name()).Should().OnlyHaveUniqueItems();
        Enum.GetValues<BanReason>().Select(static reason => reason.Name()).Should().OnlyHaveUniqueItems();
        Enum.GetValues<HoldReasons>().Where(static reason => reason != HoldReasons.None).Select(static reason => reason.Name()).Should().OnlyHaveUniqueItems();
    }
}
