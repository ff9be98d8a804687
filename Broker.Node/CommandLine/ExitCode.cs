namespace Broker.Node.CommandLine;

/// <summary>What the process tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>It did what was asked, and stopped because it was asked to.</summary>
    public const int Clean = 0;

    /// <summary>It could not start, or stopped by itself.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong: starting again will not help.</summary>
    public const int Configuration = 2;
}
