namespace Broker.Protocol.Transport.Channels;

/// <summary>Takes connections from a listening socket, which it owns, and hands them to a <see cref="ConnectionSetup"/>.</summary>
internal interface IAcceptor
{
    /// <summary>How long nothing is accepted after a failure: mostly the process is out of descriptors, and connections must end first.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    /// <summary>Once the socket listens.</summary>
    void Start();

    /// <summary>Closes the listening socket. Also where it was never started.</summary>
    Task StopAsync();
}
