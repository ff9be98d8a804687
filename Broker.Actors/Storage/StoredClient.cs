namespace Broker.Actors.Storage;

/// <summary>What the store has of a client id.</summary>
/// <param name="Session">Its session, or null.</param>
/// <param name="Connection">Its latest connection, where something hangs on it or hung when it closed, or null.</param>
internal sealed record StoredClient(StoredSession? Session, StoredConnection? Connection);
