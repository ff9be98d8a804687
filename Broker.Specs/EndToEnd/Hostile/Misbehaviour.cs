using Broker.Specs.EndToEnd.Harness;

namespace Broker.Specs.EndToEnd.Hostile;

/// <summary>One kind of bad client.</summary>
/// <param name="Name">In words.</param>
/// <param name="Act">
/// One connection of it, from its first byte to its last; the number makes each one a little different. Answers null where the broker did with it what it should, and otherwise what it did.
/// </param>
internal sealed record Misbehaviour(string Name, Func<HostileScene, int, Task<string?>> Act)
{
    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>Where bad clients are, and for how long.</summary>
/// <param name="Broker">Whom they attack.</param>
/// <param name="Feed">A topic on which messages come all the time.</param>
/// <param name="Stay">Completes after the time that those stay who are not thrown out: a new one each time it is asked for.</param>
internal sealed record HostileScene(BrokerEndpoint Broker, string Feed, Func<Task> Stay);
