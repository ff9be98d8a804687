namespace Broker.Specs.EndToEnd.Harness;

/// <summary>How long a spec waits for what must happen. Long enough for a busy machine: only a failing spec waits so long.</summary>
internal static class Deadline
{
    /// <summary>For a packet, or for a connection to close.</summary>
    public static TimeSpan ForPackets { get; } = TimeSpan.FromSeconds(15);

    /// <summary>For another program to print something, or to end.</summary>
    public static TimeSpan ForPrograms { get; } = TimeSpan.FromSeconds(30);

    /// <summary>For a tool that works through a project and what it refers to.</summary>
    public static TimeSpan ForBuilds { get; } = TimeSpan.FromMinutes(2);

    /// <summary>For a broker to be ready, or to have stopped.</summary>
    public static TimeSpan ForBrokers { get; } = TimeSpan.FromSeconds(60);
}
