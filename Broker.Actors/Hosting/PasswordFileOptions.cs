namespace Broker.Actors.Hosting;

/// <summary><c>mqtt.security.password-file</c>.</summary>
public sealed record PasswordFileOptions
{
    /// <summary>The file that <c>Broker.Node passwd</c> makes; needed where <c>password-file</c> is a source.</summary>
    public string Path { get; init; } = "";

    /// <summary>How often the file is looked at for a change. 100 ms to a day.</summary>
    public TimeSpan ReloadInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Passwords that are checked at the same time, each with 19 MiB and a core; 0: for every two cores one. 0 to 1,024.</summary>
    public int ConcurrentChecks { get; init; }

    /// <summary>1 or more.</summary>
    public int EffectiveConcurrentChecks => ConcurrentChecks > 0 ? ConcurrentChecks : Math.Max(1, Environment.ProcessorCount / 2);
}
