namespace Broker.Actors.Storage;

/// <summary>
/// Where the queues and handshakes of durable sessions survive a restart. What has gathered from all sessions of the node is
/// committed in groups.
/// </summary>
internal interface ISessionStore
{
    /// <summary>
    /// Applies one session's changes together, after all its earlier ones. The task completes when they are committed; where it fails, nothing of
    /// them was.
    /// </summary>
    Task WriteAsync(SessionWrite write);
}
