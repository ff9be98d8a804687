using Broker.Actors.Sessions;

namespace Broker.Actors.Storage;

/// <summary>Some of a session's queue.</summary>
/// <param name="Messages">In order.</param>
/// <param name="IsLast">Nothing more was committed behind them when they were read.</param>
internal sealed record QueuePage(IReadOnlyList<QueuedMessage> Messages, bool IsLast);
