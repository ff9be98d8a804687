namespace Broker.Actors.Hosting;

/// <summary>The limits as they are now: as configured, until an operator changes them. Any thread.</summary>
internal sealed class CurrentLimits(LimitsOptions limits)
{
    private volatile LimitsOptions _now = limits;

    /// <summary>To be read where it is used, not kept.</summary>
    public LimitsOptions Now => _now;

    /// <summary>Called once others hold, for what is made of them. Set once, before the first change.</summary>
    public Action Changed { get; set; } = static () => { };

    /// <summary>From now on these hold.</summary>
    public void Replace(LimitsOptions limits)
    {
        _now = limits;
        Changed();
    }
}
