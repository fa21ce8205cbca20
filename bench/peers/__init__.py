"""The same small market as others would simulate it: with NumPy in whole columns, and with Mesa agent by agent."""
