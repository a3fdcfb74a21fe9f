"""Who noticed whom: cities that a published report names among its colleagues' successes."""
