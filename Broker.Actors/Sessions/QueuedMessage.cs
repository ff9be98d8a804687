using Broker.Actors.Connections;

namespace Broker.Actors.Sessions;

/// <summary>A message in a durable session's queue, or sent and not acknowledged.</summary>
/// <param name="Position">Its place in the queue, which only grows.</param>
/// <param name="Delivery">The message.</param>
internal readonly record struct QueuedMessage(long Position, Delivery Delivery);
