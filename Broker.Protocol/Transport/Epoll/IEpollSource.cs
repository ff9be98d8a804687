namespace Broker.Protocol.Transport.Epoll;

/// <summary>What a loop watches. Called on the loop.</summary>
internal interface IEpollSource
{
    void OnReady(Readiness ready);

    /// <summary>The loop ends, or the source has failed: it closes its descriptor, at once.</summary>
    void Close();
}
