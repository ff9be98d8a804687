namespace Broker.Node.Azure;

/// <summary><c>mqtt.azure</c>: what a node on a virtual machine of Azure hears of its maintenance.</summary>
internal sealed record AzureOptions
{
    /// <summary>Whether it asks for Scheduled Events.</summary>
    public bool ScheduledEvents { get; init; }

    /// <summary>Of the instance metadata service.</summary>
    public string MetadataAddress { get; init; } = "http://169.254.169.254";

    /// <summary>How often it asks. Azure advises a second: Preempt is told 30 s before.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);
}
